import type { FunctionEnv } from '../_shared/env.ts';
import type { Job, JobOutcome } from './job.ts';

/** Sends the mail of a job; nothing is left to do where it has left already, or went with its account. */
export async function sendMail(env: FunctionEnv, job: Job): Promise<Partial<JobOutcome>> {
  if (!job.mail) return {};
  if (!env.sendMail) return { error: 'no way to send mails is configured' };
  const { to, subject, text } = job.mail;
  await env.sendMail(to, { subject, text });
  return {};
}
