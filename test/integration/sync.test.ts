import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createLocalServer, type LocalServer } from '../../supabase/local/server.ts';
import { makeContributor } from '../support/accounts.ts';
import { Phone } from '../support/phone.ts';

/** The real engine, on a simulated IndexedDB, against the real server. */
describe('sync of a phone with the server', () => {
  let server: LocalServer;
  let folder: string;
  let people = 0;

  const somebody = async (): Promise<{ phone: Phone; id: string; email: string }> => {
    const account = await makeContributor(server, `personne${++people}@capitelle.test`);
    const phone = new Phone(server, account.id);
    await phone.signIn(account.email);
    return { phone, ...account };
  };
  const onServer = (id: string) =>
    server.sql<{ status: string; attributes: Record<string, unknown> }>(
      'select status, attributes from app.points where id = $1',
      [id],
    );

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'capitelle-sync-'));
    server = await createLocalServer({ dataDir: folder, port: 0, host: '127.0.0.1', demo: false });
  }, 60_000);
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('captures without network, survives a kill, and arrives exactly once', async () => {
    const { phone } = await somebody();
    phone.network.isUp = false;
    const id = await phone.capture();
    expect(await phone.sync()).toMatchObject({ code: 'offline', recovery: 'wait_network' });
    phone.restart();
    expect(await phone.shown(id)).toMatchObject({
      point: { status: 'submitted', attributes: { name: 'Lavoir de la place' } },
      unsent: [{ state: 'queued' }],
    });
    phone.network.isUp = true;
    expect(await phone.sync()).toBeNull();
    expect(await phone.sync()).toBeNull();
    expect(await onServer(id)).toHaveLength(1);
    expect(await phone.shown(id)).toMatchObject({ point: { rev: 1, mine: true }, unsent: [] });
    expect(await phone.ctx.precious.sent.toArray()).toMatchObject([{ status: 'applied' }]);
  });
});
