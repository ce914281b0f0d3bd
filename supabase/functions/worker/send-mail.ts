import type { FunctionEnv } from '../_shared/env.ts';
import type { Job, JobOutcome } from './job.ts';

/** Sends the mail `{to, subject, text}` of a job. */
export async function sendMail(env: FunctionEnv, job: Job): Promise<Partial<JobOutcome>> {
  const { to, subject, text } = job.payload;
  if (typeof to !== 'string' || typeof subject !== 'string' || typeof text !== 'string')
    return { error: 'invalid mail' };
  if (!env.sendMail) return { error: 'no way to send mails is configured' };
  await env.sendMail(to, { subject, text });
  return {};
}
