import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MailText } from './mail-texts.ts';

/** Sends one mail; rejects when it could not be handed over. */
export type SendMail = (to: string, mail: MailText) => Promise<void>;

/** Writes each mail as an `.eml` file in the outbox folder and announces it on the console. */
export function createMailDrop(outboxDir: string, announce: (line: string) => void): SendMail {
  return async (to, mail) => {
    await mkdir(outboxDir, { recursive: true });
    const at = new Date();
    const name = `${at.toISOString().replaceAll(/[:.]/g, '-')}-${randomUUID().slice(0, 8)}.eml`;
    await writeFile(join(outboxDir, name), toEml(to, mail, at));
    announce(`Courriel pour ${to} — ${mail.subject} (${join(outboxDir, name)})`);
  };
}

function toEml(to: string, mail: MailText, at: Date): string {
  // A header must stay on its line, whatever an address contains.
  const header = (value: string) => value.replaceAll(/[\r\n]+/g, ' ');
  return [
    'From: Capitelle <capitelle@localhost>',
    `To: ${header(to)}`,
    `Subject: ${header(mail.subject)}`,
    `Date: ${at.toUTCString()}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    mail.text,
  ].join('\n');
}
