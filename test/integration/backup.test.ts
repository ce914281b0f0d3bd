// First of all: Dexie looks for IndexedDB when it is loaded.
import 'fake-indexeddb/auto';

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { backUp } from '../../supabase/local/backup/back-up.ts';
import { restore } from '../../supabase/local/backup/restore.ts';
import type { LocalServer } from '../../supabase/local/server.ts';
import { makeContributor } from '../support/accounts.ts';
import { deleteFolder, startServer, temporaryFolder } from '../support/local-server.ts';
import { faultsAtRest } from '../support/oracle.ts';
import { jpegWithExif } from '../support/outside-client.ts';
import { Phone } from '../support/phone.ts';
import { Volunteer } from '../support/volunteer.ts';

const PLACE = { lon: 2.5512, lat: 43.3215 };

describe('a backup of the embedded database', { timeout: 300_000 }, () => {
  let folder: string;
  let dataDir: string;
  let backup: string;
  let server: LocalServer;
  let one: Volunteer;

  beforeAll(async () => {
    folder = await temporaryFolder();
    [dataDir, backup] = [join(folder, 'data'), join(folder, 'backup')];
    server = await startServer(dataDir);
    const account = await makeContributor(server, 'voisine@capitelle.test');
    const phone = new Phone(server, account.id);
    await phone.signIn(account.email);
    one = new Volunteer(phone);
  }, 300_000);
  afterAll(async () => {
    await server.close();
    await deleteFolder(folder);
  });

  const epoch = async () =>
    (await server.sql<{ epoch: string }>('select private.current_epoch() as epoch'))[0]?.epoch;
  /** Something that is done to the folder while its server is stopped; then it opens at the same address. */
  async function whileStopped<T>(work: () => Promise<T>): Promise<T> {
    const port = Number(new URL(server.url).port);
    await server.close();
    try {
      return await work();
    } finally {
      server = await startServer(dataDir, { port });
    }
  }

  it('is put back without anything lost or doubled of what came after it', async () => {
    const early = await one.capture('Lavoir d’avant', PLACE, [jpegWithExif()]);
    await one.syncToTheEnd();
    await expect(backUp(dataDir, backup)).rejects.toMatchObject({ reason: 'folder_in_use' });
    await whileStopped(() => backUp(dataDir, backup));
    const before = await epoch();

    await one.rename(early, 'Fontaine d’après');
    // Its photo is stored, so the phone has freed the bytes: the server's folder holds all there is of it.
    await one.capture('Lavoir d’après', PLACE, [jpegWithExif()]);
    await one.syncToTheEnd();
    one.phone.network.isUp = false;
    await one.rename(early, 'Fontaine sans réseau');
    one.phone.network.isUp = true;

    const restored = await whileStopped(() => restore(dataDir, backup, new Date()));
    expect(restored.keptAside).not.toBeNull();
    expect(await readdir(restored.keptAside ?? '')).not.toEqual([]);
    expect(await epoch()).toBe(restored.epoch);
    expect(restored.epoch).not.toBe(before);
    expect(await server.sql('select id from app.points')).toHaveLength(1);

    await one.syncToTheEnd();
    expect(await faultsAtRest(server.sql, [one])).toEqual([]);
    expect(await server.sql('select mutation_id from app.conflicts')).toEqual([]);
    // The same backup once more is yet another life.
    const again = await whileStopped(() => restore(dataDir, backup, new Date()));
    expect([before, restored.epoch]).not.toContain(again.epoch);
    await one.syncToTheEnd();
    expect(await faultsAtRest(server.sql, [one])).toEqual([]);
  });

  it('is refused where there is none, and never written over', async () => {
    await whileStopped(async () => {
      await expect(restore(dataDir, join(folder, 'nothing'), new Date())).rejects.toMatchObject({
        reason: 'no_backup',
      });
      await expect(backUp(dataDir, backup)).rejects.toMatchObject({ reason: 'target_exists' });
      await expect(backUp(join(folder, 'nothing'), join(folder, 'other'))).rejects.toMatchObject({
        reason: 'nothing_to_save',
      });
    });
    await one.syncToTheEnd();
    expect(await faultsAtRest(server.sql, [one])).toEqual([]);
  });
});
