import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalServer, type LocalServer } from '../../supabase/local/server.ts';
import type { LocalServerOptions } from '../../supabase/local/options.ts';

/** A new folder that the operating system would empty by itself one day. */
export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'capitelle-test-'));
}

/** Deletes a folder of `temporaryFolder`. */
export function deleteFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}

/** A server without demonstration on a free port. */
export function startServer(
  dataDir: string,
  options: Partial<LocalServerOptions> = {},
): Promise<LocalServer> {
  return createLocalServer({ dataDir, port: 0, host: '127.0.0.1', demo: false, ...options });
}

/** The code of the last mail that was written for an address. */
export async function lastCode(server: LocalServer, email: string): Promise<string> {
  const mails = (await readdir(server.outboxDir)).toSorted().toReversed();
  for (const name of mails) {
    const mail = await readFile(join(server.outboxDir, name), 'utf8');
    if (mail.includes(`To: ${email}\n`)) return /^ {4}(\d{6})$/m.exec(mail)?.[1] ?? '';
  }
  throw new Error(`no mail for ${email}`);
}
