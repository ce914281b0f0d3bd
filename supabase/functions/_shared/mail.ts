import type { FunctionEnv } from './env.ts';

type SendMail = NonNullable<FunctionEnv['sendMail']>;

/** How mails leave through an HTTP API: its address, its key, and who writes. */
export interface MailApi {
  url: string;
  key: string;
  from: string;
}

/** What the platform's variables say of an HTTP API for mails; undefined when none is configured. */
export function readMailApi(get: (name: string) => string | undefined): MailApi | undefined {
  const [url, key, from] = [get('MAIL_API_URL'), get('MAIL_API_KEY'), get('MAIL_FROM')];
  return url && key && from ? { url, key, from } : undefined;
}

/**
 * Sends mails by `POST {from, to: [address], subject, text}` with a bearer key, as Resend and the services that
 * speak like it take them. Rejects when the service does not: the job is tried again later.
 */
export function createMailApi(api: MailApi, send: typeof fetch = fetch): SendMail {
  return async (to, { subject, text }) => {
    const response = await send(api.url, {
      method: 'POST',
      headers: { authorization: `Bearer ${api.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ from: api.from, to: [to], subject, text }),
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) throw new Error(`mail: ${response.status} ${(await response.text()).slice(0, 200)}`);
  };
}
