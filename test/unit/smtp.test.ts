import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, test } from 'vitest';
import { createSmtpSender } from '../../supabase/functions/_shared/smtp.ts';
import { wayOfMails } from '../../supabase/functions/worker/mail-way.ts';

const from = 'Capitelle <capitelle@exemple.fr>';
const mail = { subject: 'Votre contribution : « été »', text: 'Bonjour,\n\n.\nà bientôt' };

interface Received {
  from: string;
  to: string[];
  user: string | undefined;
  isSecure: boolean;
  text: string;
}

let server: SMTPServer | undefined;
const close = () => new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
afterEach(close);

/** A mail server of its own, on a free port: what it is told, and where it is. */
async function listen(
  options: SMTPServerOptions,
  host = '127.0.0.1',
): Promise<{ received: Received[]; port: number }> {
  const received: Received[] = [];
  const listening = new SMTPServer({
    logger: false,
    onAuth: ({ username, password }, _session, answer) =>
      password === 'juste' ? answer(null, { user: username }) : answer(new Error('wrong password')),
    onData(stream, session, done) {
      let text = '';
      stream.setEncoding('utf8').on('data', (part: string) => (text += part));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          user: session.user,
          isSecure: session.secure,
          text,
        });
        done();
      });
    },
    ...options,
  });
  server = listening;
  listening.on('error', () => undefined);
  await new Promise<void>((resolve) => listening.listen(0, host, resolve));
  return { received, port: (listening.server.address() as AddressInfo).port };
}

const refusal = (sending: Promise<void>) =>
  sending.then(
    () => 'sent',
    (cause: Error) => cause.message,
  );

describe('a mail leaves through SMTP', () => {
  test('over TLS from the start, as port 465 does', async () => {
    const { received, port } = await listen({ secure: true });
    const send = createSmtpSender(`smtps://moi:juste@127.0.0.1:${port}?tls.rejectUnauthorized=false`, from);
    await send('b@exemple.fr', mail);
    expect(received).toMatchObject([
      { from: 'capitelle@exemple.fr', to: ['b@exemple.fr'], user: 'moi', isSecure: true },
    ]);
    const text = received[0]?.text ?? '';
    expect(text).toMatch(/^Subject: =\?UTF-8\?/m);
    expect(text).toContain('quoted-printable');
    // A line that is a single dot ends a mail, unless it is doubled on its way.
    expect(text).toMatch(/Bonjour,\r\n\r\n\.\r\n=C3=A0 bient=C3=B4t/);
  });

  test('over STARTTLS, as port 2525 does', async () => {
    const { received, port } = await listen({ secure: false });
    const send = createSmtpSender(
      `smtp://moi:juste@127.0.0.1:${port}?tls.rejectUnauthorized=false&requireTLS=true`,
      from,
    );
    await send('b@exemple.fr', mail);
    expect(received).toMatchObject([{ user: 'moi', isSecure: true }]);
  });

  test('in clear on the same machine, and nowhere else unless that is said', async () => {
    // Another address of this machine, which nothing tells from a machine elsewhere.
    const elsewhere = '127.0.0.2';
    for (const host of ['127.0.0.1', elsewhere]) {
      const { received, port } = await listen(
        { secure: false, disabledCommands: ['STARTTLS'], authOptional: true },
        host,
      );
      const send = (more: string) =>
        refusal(createSmtpSender(`smtp://${host}:${port}${more}`, from)('b@exemple.fr', mail));
      expect(await send('')).toMatch(host === elsewhere ? /STARTTLS/ : /^sent$/);
      expect(await send('?requireTLS=true')).toMatch(/STARTTLS/);
      expect(await send('?requireTLS=false')).toBe('sent');
      expect(received.map(({ isSecure }) => isSecure)).toEqual(host === elsewhere ? [false] : [false, false]);
      await close();
    }
  });

  test('not to a server that nobody vouches for, nor with a wrong password', async () => {
    const { received, port } = await listen({ secure: true });
    const at = (password: string, more: string) =>
      refusal(
        createSmtpSender(`smtps://moi:${password}@127.0.0.1:${port}${more}`, from)('b@exemple.fr', mail),
      );
    expect(await at('juste', '')).toContain('certificate');
    expect(await at('faux', '?tls.rejectUnauthorized=false')).toContain('535');
    expect(received).toEqual([]);
  });
});

describe('the way that mails take', () => {
  const way = (variables: Record<string, string>) => wayOfMails((name) => variables[name]);
  const api = { MAIL_API_URL: 'https://mails.example/emails', MAIL_API_KEY: 'k', MAIL_FROM: from };

  test('is SMTP when the platform says so, an HTTP API otherwise, and none without either', async () => {
    const { received, port } = await listen({ secure: true });
    const SMTP_URL = `smtps://moi:juste@127.0.0.1:${port}?tls.rejectUnauthorized=false`;
    await way({ ...api, SMTP_URL }).sendMail?.('b@exemple.fr', mail);
    expect(received).toHaveLength(1);
    expect(way(api).sendMail).toBeDefined();
    expect(way({ SMTP_URL }).sendMail).toBeUndefined();
    expect(way({}).sendMail).toBeUndefined();
  });

  test('says at once which ports a hosted project does not reach', async () => {
    const hosted = 'https://abc.supabase.co';
    const sent = (SMTP_URL: string, SUPABASE_URL: string) =>
      refusal(
        way({ SMTP_URL, SUPABASE_URL, MAIL_FROM: from }).sendMail?.('b@exemple.fr', mail) ??
          Promise.resolve(),
      );
    for (const port of ['', ':25', ':587'])
      expect(await sent(`smtp://mails.invalid${port}`, hosted)).toContain('465 and 2525');
    for (const [url, at] of [
      ['smtp://mails.invalid:2525', hosted],
      ['smtps://mails.invalid:465', hosted],
      ['smtp://mails.invalid:587', 'https://supabase.exemple.fr'],
    ] as const)
      expect(await sent(url, at)).not.toContain('465 and 2525');
  });
});
