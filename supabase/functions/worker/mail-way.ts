import type { FunctionEnv } from '../_shared/env.ts';
import { createMailApi, readMailApi } from '../_shared/mail.ts';
import { createSmtpSender } from '../_shared/smtp.ts';

/** Ports that hosted projects may not call (Supabase, "Edge Functions: limits"). */
const closedPorts = ['', '25', '587'];

/**
 * How mails leave, as the variables of the platform say: `SMTP_URL`, else `MAIL_API_URL` and `MAIL_API_KEY`, with
 * `MAIL_FROM` in both. Without any, they wait.
 */
export function wayOfMails(get: (name: string) => string | undefined): Pick<FunctionEnv, 'sendMail'> {
  const [url, from, api] = [get('SMTP_URL'), get('MAIL_FROM'), readMailApi(get)];
  if (!url || !from) return api ? { sendMail: createMailApi(api) } : {};
  return isClosed(url, get('SUPABASE_URL') ?? '')
    ? {
        sendMail: () =>
          Promise.reject(new Error('SMTP_URL: hosted projects reach ports 465 and 2525, not 25 nor 587')),
      }
    : { sendMail: createSmtpSender(url, from) };
}

/** Said at once and plainly, where the platform would let each mail wait for an answer that cannot come. */
function isClosed(url: string, supabaseUrl: string): boolean {
  const { protocol, port } = new URL(url);
  return supabaseUrl.endsWith('.supabase.co') && protocol === 'smtp:' && closedPorts.includes(port);
}
