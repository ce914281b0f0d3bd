import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createLocalServer, type LocalServer } from '../../supabase/local/server.ts';
import { makeContributor, makeModerator, type Reachable } from './accounts.ts';
import { Phone } from './phone.ts';

export interface Person {
  readonly phone: Phone;
  readonly id: string;
  readonly email: string;
}

/** A server and the people who use it, each with a phone of their own. */
export interface Crowd {
  readonly server: LocalServer;
  somebody(): Promise<Person>;
  /** A moderator of everything, everywhere. */
  moderator(): Promise<Phone>;
  /** The same person on another phone. */
  otherPhone(person: Pick<Person, 'id' | 'email'>): Promise<Phone>;
  /** What the server's own table says of a point. */
  onServer(id: string): Promise<{ status: string; rev: number; attributes: Record<string, unknown> }[]>;
  close(): Promise<void>;
}

/** Starts an empty server on the embedded database. Close it when done. */
export async function gather(): Promise<Crowd> {
  const folder = await mkdtemp(join(tmpdir(), 'capitelle-sync-'));
  const server = await createLocalServer({ dataDir: folder, port: 0, host: '127.0.0.1', demo: false });
  return {
    server,
    ...peopleOf(server),
    async close() {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Makes people of a server, wherever it runs. */
export function peopleOf(server: Reachable): Omit<Crowd, 'server' | 'close'> {
  let people = 0;
  const otherPhone = async ({ id, email }: Pick<Person, 'id' | 'email'>) => {
    const phone = new Phone(server, id);
    await phone.signIn(email);
    return phone;
  };
  return {
    otherPhone,
    async somebody() {
      const account = await makeContributor(server, `personne${++people}@capitelle.test`);
      return { phone: await otherPhone(account), ...account };
    },
    async moderator() {
      return otherPhone(await makeModerator(server, `moderation${++people}@capitelle.test`));
    },
    onServer: (id) => server.sql('select status, rev, attributes from app.points where id = $1', [id]),
  };
}
