import type { FunctionEnv } from '../_shared/env.ts';
import type { Job } from './job.ts';

/** Sends the mail `{to, subject, text}` of a job. */
export async function sendMail(env: FunctionEnv, job: Job): Promise<void> {
  const { to, subject, text } = job.payload;
  if (typeof to !== 'string' || typeof subject !== 'string' || typeof text !== 'string')
    throw new Error('invalid mail');
  if (!env.sendMail) throw new Error('no way to send mails is configured');
  await env.sendMail(to, { subject, text });
}
