import { createTransport } from 'nodemailer';
import type { FunctionEnv } from './env.ts';

/** Milliseconds that a mail server has to answer: a run of the worker sends a few mails, and is cut after a minute or two. */
const answerMs = 10_000;

/**
 * Sends mails through an SMTP server given as `smtps://user:password@host:465` (TLS from the start) or
 * `smtp://user:password@host:2525` (STARTTLS). A password, or any mail that leaves the machine, goes over TLS or not at
 * all: a server that offers none is refused, unless the address ends in `?requireTLS=false`. Further options of
 * nodemailer may follow there (`?tls.rejectUnauthorized=false` takes a certificate that nobody vouches for).
 * Rejects when the server does not take the mail.
 */
export function createSmtpSender(url: string, from: string): NonNullable<FunctionEnv['sendMail']> {
  const { hostname, searchParams } = new URL(url);
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  const transport = createTransport({
    url,
    // What the address says itself comes second in nodemailer.
    ...(searchParams.has('requireTLS') ? {} : { requireTLS: !isHere }),
    connectionTimeout: answerMs,
    greetingTimeout: answerMs,
    socketTimeout: answerMs,
  });
  return async (to, { subject, text }) => {
    await transport.sendMail({ from, to, subject, text });
  };
}
