// Before the engine: it looks for the database of the browser.
import 'fake-indexeddb/auto';

import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { newDraft } from '../../src/domain/draft.ts';
import { exportUnsent } from '../../src/sync/export.ts';
import { loadUnsent, readUnsent } from '../../supabase/local/load/unsent.ts';
import { readSecrets } from '../../supabase/local/secrets.ts';
import type { LocalServer } from '../../supabase/local/server.ts';
import { peopleOf } from '../support/crowd.ts';
import { deleteFolder, startServer, temporaryFolder } from '../support/local-server.ts';
import { jpegWithExif } from '../support/outside-client.ts';

/** Fewer than a call may hold, and larger together. */
const CAPTURES = 45;
let folder: string;
let server: LocalServer;
let people: ReturnType<typeof peopleOf>;

beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startServer(folder);
  people = peopleOf(server);
}, 300_000);
afterAll(async () => {
  await server.close();
  await deleteFolder(folder);
});

/** The server behind its address. */
const door = () => ({
  publishableKey: server.publishableKey,
  sql: server.sql,
  handle: (request: Request) =>
    fetch(new Request(request.url.replace('http://capitelle.internal', server.url), request)),
});

it(
  'an administrator loads what a phone handed over, in its author’s name, once',
  { timeout: 300_000 },
  async () => {
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
    expect(await loadUnsent(door(), jwtSecret, files)).toEqual({
      mutations: new Map([['applied', 1]]),
      refused: new Map(),
      photos: new Map([['stored', 1]]),
      drafts: 0,
    });
    await loadUnsent(door(), jwtSecret, files);
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
    await expect(loadUnsent(door(), jwtSecret, elsewhere)).rejects.toThrow('autre inventaire');
    expect(readUnsent(new TextEncoder().encode('{}'))).toBeUndefined();
  },
);

it(
  'a photo that its phone had no time to make smaller is taken as its pixels, and the phone doubles nothing',
  { timeout: 300_000 },
  async () => {
    const { phone, id: userId } = await people.somebody();
    phone.network.isUp = false;
    const { bytes, width, height } = jpegWithExif();
    expect(Buffer.from(bytes).includes('Exif')).toBe(true);
    const id = await phone.capture();
    const ready = await phone.takePhoto(id, bytes.slice().buffer, { width, height });
    const [jpeg, heic] = [ready.id, `${ready.id.slice(0, -4)}ffff`];
    await phone.ctx.precious.photos.update(jpeg, { state: 'local', raw: true, sha256: '0'.repeat(64) });
    const [row, kept] = [
      await phone.ctx.precious.photos.get(jpeg),
      await phone.ctx.precious.photo_bytes.get(jpeg),
    ];
    if (!row || !kept) throw new Error('no photo');
    await phone.ctx.precious.photos.put({ ...row, id: heic, mime: 'image/heic' });
    await phone.ctx.precious.photo_bytes.put({
      id: heic,
      bytes: new TextEncoder().encode('ftypheic').buffer,
    });
    const archive = await exportUnsent(phone.ctx.precious, { userId, now: new Date(), instance: null });
    const files = readUnsent(new Uint8Array(await archive.arrayBuffer())) ?? {};
    const { jwtSecret } = await readSecrets(folder);
    expect((await loadUnsent(door(), jwtSecret, files)).photos).toEqual(
      new Map([
        ['stored', 1],
        ['left_out', 1],
      ]),
    );
    const stored = () =>
      server.sql<{ path: string; width: number; height: number }>(
        'select path, width, height from app.photos where point_id = $1',
        [id],
      );
    const [photo] = await stored();
    expect(photo).toMatchObject({ width, height });
    const sent = await readFile(join(folder, 'storage', 'photos', photo?.path ?? ''));
    expect(sent.includes('Exif')).toBe(false);

    // The phone comes back to life, and has made it smaller by then.
    await phone.ctx.precious.photos.delete(heic);
    await phone.ctx.precious.photos.update(jpeg, { raw: false, sha256: ready.sha256 });
    phone.network.isUp = true;
    expect(await phone.sync()).toBeNull();
    expect(await stored()).toEqual([photo]);
    // Its own copy is another one: no server has confirmed it, so it stays for its author to see to.
    expect((await phone.ctx.precious.photos.get(jpeg))?.state).toBe('refused');
    expect(await phone.ctx.precious.photo_bytes.get(jpeg)).toBeDefined();
  },
);

it(
  'the command as it is typed: a long day with its photos in calls that the server takes, twice',
  { timeout: 300_000 },
  async () => {
    const { phone, id: author } = await people.somebody();
    phone.network.isUp = false;
    const ids: string[] = [];
    for (let n = 0; n < CAPTURES; n++) {
      const geom = { lon: 2.5 + n / 1_000, lat: 43.3, accuracy_m: 8, source: 'gps' };
      const patch = { geom, 'attributes.name': `Lavoir ${n}`, 'attributes.description': 'é'.repeat(4_000) };
      ids.push(await phone.capture({ patch }));
    }
    const { bytes, width, height } = jpegWithExif();
    for (const id of ids.slice(0, 3)) {
      const photo = await phone.takePhoto(id, bytes.slice().buffer, { width, height });
      await phone.ctx.precious.photos.update(photo.id, { state: 'local' });
    }
    await phone.ctx.precious.drafts.add(
      newDraft({ pointId: 'begun', userId: author, theme: 'heritage', formRev: 1 }, new Date()),
    );
    const whose = { userId: author, now: new Date(), instance: null };
    const bytesOfAll = new Uint8Array(await (await exportUnsent(phone.ctx.precious, whose)).arrayBuffer());
    const archive = join(folder, 'unsent.zip');
    await writeFile(archive, bytesOfAll);
    expect(await typed(folder, archive)).toMatchObject({ code: 1, said: expect.stringContaining('arrêtez') });
    await server.close();

    const said = `Contributions : ${CAPTURES} prises. Photos : 3 reçues.\nBrouillons laissés à leur auteur, qui seul peut les finir : 1.\n`;
    expect(await typed(folder, archive)).toEqual({ code: 0, said });
    expect(await typed(folder, archive)).toEqual({ code: 0, said });
    const cut = join(folder, 'cut.zip');
    await writeFile(cut, bytesOfAll.subarray(0, bytesOfAll.length / 2));
    expect(await typed(folder, cut)).toMatchObject({
      code: 1,
      said: expect.stringMatching(/^Cette archive est incomplète/),
    });

    server = await startServer(folder);
    const rows = 'select count(*)::int as n from app.points where author = $1';
    expect(await server.sql(rows, [author])).toEqual([{ n: CAPTURES }]);
    expect(
      await server.sql(
        'select count(*)::int as n from app.photos as f join app.points as p on p.id = f.point_id where p.author = $1',
        [author],
      ),
    ).toEqual([{ n: 3 }]);
  },
);

/** Types `npm run load -- FILE`; what is said on both outputs, and the exit code. */
function typed(dataDir: string, file: string): Promise<{ code: number | null; said: string }> {
  const env = { ...process.env, DATA_DIR: dataDir, DATABASE_URL: '' };
  const command = spawn('npm', ['run', '--silent', 'load', '--', file], { env });
  let said = '';
  for (const stream of [command.stdout, command.stderr])
    stream.on('data', (text: Buffer) => (said += text.toString()));
  return new Promise((resolve) => command.on('close', (code) => resolve({ code, said })));
}
