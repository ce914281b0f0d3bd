// Before the engine: it looks for the database of the browser.
import 'fake-indexeddb/auto';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { exportUnsent } from '../../src/sync/export.ts';
import { loadUnsent, readUnsent } from '../../supabase/local/load/unsent.ts';
import { readSecrets } from '../../supabase/local/secrets.ts';
import type { LocalServer } from '../../supabase/local/server.ts';
import { peopleOf } from '../support/crowd.ts';
import { deleteFolder, startServer, temporaryFolder } from '../support/local-server.ts';
import { jpegWithExif } from '../support/outside-client.ts';

let folder: string;
let server: LocalServer;

beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startServer(folder);
}, 240_000);
afterAll(async () => {
  await server.close();
  await deleteFolder(folder);
});

it(
  'an administrator loads what a phone handed over, in its author’s name, once',
  { timeout: 120_000 },
  async () => {
    const people = peopleOf(server);
    const person = await people.somebody();
    const { phone } = person;
    phone.network.isUp = false;
    const { bytes, width, height } = jpegWithExif();
    const id = await phone.capture();
    const photo = await phone.takePhoto(id, bytes.slice().buffer, { width, height });
    await phone.ctx.precious.photos.update(photo.id, { state: 'local', caption: 'La date' });
    const [own] = await server.sql<{ id: string }>('select instance_id::text as id from app.settings');
    const whose = { userId: person.id, now: new Date() };
    const filesOf = async (instance: string | null) => {
      const archive = await exportUnsent(phone.ctx.precious, { ...whose, instance });
      return readUnsent(new Uint8Array(await archive.arrayBuffer())) ?? {};
    };
    const files = await filesOf(own?.id ?? null);
    const { jwtSecret } = await readSecrets(folder);
    const door = {
      publishableKey: server.publishableKey,
      sql: server.sql,
      handle: (request: Request) =>
        fetch(new Request(request.url.replace('http://capitelle.internal', server.url), request)),
    };
    expect(await loadUnsent(door, jwtSecret, files)).toEqual({
      mutations: new Map([['applied', 1]]),
      refused: new Map(),
      photos: new Map([['stored', 1]]),
    });
    await loadUnsent(door, jwtSecret, files);
    // The phone comes back to life and sends it too.
    phone.network.isUp = true;
    expect(await phone.sync()).toBeNull();
    expect(await people.onServer(id)).toHaveLength(1);
    expect(
      await server.sql(
        'select f.caption, p.author::text from app.photos as f join app.points as p on p.id = f.point_id where p.id = $1',
        [id],
      ),
    ).toEqual([{ caption: 'La date', author: person.id }]);

    const elsewhere = await filesOf('00000000-0000-4000-8000-000000000000');
    await expect(loadUnsent(door, jwtSecret, elsewhere)).rejects.toThrow('autre inventaire');
    expect(readUnsent(new TextEncoder().encode('{}'))).toBeUndefined();
  },
);
