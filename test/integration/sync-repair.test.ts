// First of all: Dexie looks for IndexedDB when it is loaded.
import 'fake-indexeddb/auto';

import { readFile } from 'node:fs/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { uploadPhoto } from '../../src/api/photos.ts';
import { photoPath } from '../../src/domain/photo-path.ts';
import { clockSkewMs } from '../../src/db/clock.ts';
import { draftsOf } from '../../src/db/drafts.ts';
import { askReconcile, lastReconciled } from '../../src/db/reconciled.ts';
import { openConflicts } from '../../src/state/open-conflicts.ts';
import { type Crowd, gather } from '../support/crowd.ts';
import { jpegWithExif } from '../support/outside-client.ts';
import type { Detour, Phone } from '../support/phone.ts';
import {
  openFixture,
  type PreciousFixture,
  releasedSchemas,
  writeFixture,
} from '../support/precious-fixture.ts';

let crowd: Crowd;
beforeAll(async () => {
  crowd = await gather();
}, 300_000);
afterAll(() => crowd.close());

const schemas = await releasedSchemas();

/** What a phone finds out by comparing, and puts right by itself. */
describe('a copy that differs from the server', { timeout: 300_000 }, () => {
  const compare = async (phone: Phone) => {
    await askReconcile(phone.ctx.cache);
    return phone.sync();
  };

  /** Three points of mine; the copy has lost one, has an old one, and keeps one that never was. */
  async function spoiled(): Promise<{ phone: Phone; ids: string[]; ghost: string }> {
    const { phone } = await crowd.somebody();
    const ids = [await phone.capture(), await phone.capture(), await phone.capture()];
    await phone.sync();
    const { points } = phone.ctx.cache;
    const kept = await points.get(ids[2] ?? '');
    if (!kept) throw new Error('nothing to spoil');
    await points.delete(ids[0] ?? '');
    await points.update(ids[1] ?? '', { 'point.v': 0, 'point.attributes': { name: 'old' } } as never);
    const ghost = '018f0000-0000-7000-8000-00000000dead';
    await points.put({ ...kept, id: ghost, point: { ...kept.point, id: ghost } });
    return { phone, ids, ghost };
  }

  it('fetches what is missing or old, lets go of what is not there, once a day or when asked', async () => {
    const { phone, ids, ghost } = await spoiled();
    // A pull alone does not see it.
    expect(await phone.sync()).toBeNull();
    expect(await phone.shown(ids[0] ?? '')).toBeNull();
    expect(await compare(phone)).toBeNull();
    for (const id of ids) {
      expect(await phone.shown(id)).toMatchObject({ point: { attributes: { name: 'Lavoir de la place' } } });
    }
    expect(await phone.shown(ghost)).toBeNull();
    expect(await lastReconciled(phone.ctx.cache)).toMatchObject({ fetched: 2, released: 1, forgotten: 0 });
    // The next one is for tomorrow, and by itself.
    await phone.ctx.cache.points.delete(ids[0] ?? '');
    phone.network.requests.length = 0;
    await phone.sync();
    expect(phone.network.requests.filter((url) => url.includes('sync_digest'))).toEqual([]);
    phone.clock = () => new Date(Date.now() + 86_400_000);
    await phone.sync();
    expect(await phone.shown(ids[0] ?? '')).not.toBeNull();
    // A clock that was in the future and came back postpones nothing.
    phone.clock = () => new Date(Date.now() - 86_400_000);
    await phone.ctx.cache.points.delete(ids[0] ?? '');
    await phone.sync();
    expect(await phone.shown(ids[0] ?? '')).not.toBeNull();
  });

  it('lets nothing go for an answer that is empty, foreign, old or of another life', async () => {
    const { phone } = await spoiled();
    const waiting = await phone.capture();
    phone.network.detours.set('sync_push', () => Promise.reject(new TypeError('cut')));
    await phone.sync();
    phone.network.detours.clear();
    await phone.ctx.precious.outbox.toCollection().modify({ not_before: Date.now() + 60_000 });
    const before = await phone.ctx.cache.points.toArray();
    const bend =
      (change: Record<string, unknown>): Detour =>
      async (go) =>
        Response.json({ ...((await (await go()).json()) as object), ...change });
    const answers: [string, Detour][] = [
      ['sync_digest', bend({ user_id: null, digests: [{ id: 'u:me', count: 0, digest: '0' }] })],
      ['sync_digest', bend({ user_id: undefined })],
      ['sync_digest', bend({ epoch: 'another' })],
      ['sync_digest', () => Promise.resolve(Response.json([]))],
      ['sync_digest', () => Promise.resolve(new Response('<html>'))],
      ['sync_ids', bend({ user_id: 'somebody else', ids: [] })],
      ['sync_ids', bend({ ids: [], next: null })],
      ['sync_ids', async (go) => new Response((await (await go()).text()).slice(0, 30))],
    ];
    for (const [rpc, answer] of answers) {
      phone.network.detours.set(rpc, answer);
      phone.network.requests.length = 0;
      await compare(phone);
      expect(phone.network.requests.some((url) => url.includes(rpc))).toBe(true);
      expect(await phone.ctx.cache.points.toArray()).toEqual(before);
      phone.network.detours.clear();
    }
    expect(await phone.ctx.precious.outbox.toArray()).toMatchObject([{ point_id: waiting }]);
  });
});

/** What is said to somebody else, or by another server, is not taken for this person's. */
describe('an answer that is not for this person', { timeout: 300_000 }, () => {
  it.each([
    ['sync_snapshot', { user_id: 'somebody else' }],
    ['sync_snapshot', { user_id: undefined }],
    ['sync_snapshot', { epoch: 'another' }],
    ['sync_receipts', { user_id: 'somebody else' }],
    ['sync_receipts', { user_id: undefined }],
  ])('%s with %o neither shows a row nor sends anything again', async (rpc, change) => {
    const { phone } = await crowd.somebody();
    const id = await phone.capture();
    expect(await phone.sync()).toBeNull();
    // The comparison finds a row that this copy lacks, fetches it, then asks for receipts.
    await phone.ctx.cache.points.delete(id);
    await askReconcile(phone.ctx.cache);
    const { sent, outbox } = phone.ctx.precious;
    const before = await sent.toArray();
    const unknown = before.map((row) => row.mutation_id);
    let asked = 0;
    phone.network.detours.set(rpc, async (go) => {
      asked++;
      return Response.json({ ...((await (await go()).json()) as object), unknown, ...change });
    });
    await phone.sync();
    expect(asked).toBeGreaterThan(0);
    expect(await sent.toArray()).toEqual(before);
    expect(await outbox.count()).toBe(0);
    expect((await phone.shown(id)) === null).toBe(rpc === 'sync_snapshot');
    phone.network.detours.clear();
    expect(await phone.sync()).toBeNull();
    expect(await crowd.onServer(id)).toHaveLength(1);
  });
});

/** Two lives of one backup, servers that forgot, clocks that lie: nothing lost, nothing doubled. */
describe('a phone or a server that came back from a backup', { timeout: 300_000 }, () => {
  it('keeps both versions when one backup lives on in two phones', async () => {
    const person = await crowd.somebody();
    const { phone } = person;
    phone.network.isUp = false;
    const id = await phone.capture();
    // Restored: the same rows, the same ids, the same device id.
    const twin = await crowd.otherPhone(person);
    twin.ctx = { ...twin.ctx, sender: phone.ctx.sender };
    await twin.ctx.precious.outbox.bulkPut(await phone.ctx.precious.outbox.toArray());
    const say = (who: Phone, patch: Record<string, string>) =>
      who.enqueue({
        kind: 'edit',
        point_id: id,
        base_rev: 0,
        base: Object.fromEntries(Object.keys(patch).map((key) => [key, null])),
        patch,
      });
    await say(phone, { 'attributes.name': 'Lavoir du haut' });
    await say(twin, { 'attributes.name': 'Lavoir du bas', 'attributes.use': 'laver' });
    phone.network.isUp = true;
    expect(await phone.sync()).toBeNull();
    await twin.sync();
    expect(await twin.ctx.precious.outbox.toArray()).toMatchObject([
      { state: 'queued', kind: 'edit', last_problem: { code: 'payload_mismatch' } },
    ]);
    expect(await twin.sync()).toBeNull();
    expect(await crowd.onServer(id)).toMatchObject([
      { attributes: { name: 'Lavoir du haut', use: 'laver' } },
    ]);
    // Each of the person's phones is asked to choose, and told whom it differs with.
    await phone.sync();
    for (const one of [phone, twin]) {
      const points = new Map((await one.mine()).map(({ point }) => [point.id, point]));
      const [open, ...others] = openConflicts(points, await one.ctx.precious.outbox.toArray());
      expect(others).toEqual([]);
      expect(open?.conflicts).toMatchObject([
        {
          field: 'attributes.name',
          mine: 'Lavoir du bas',
          theirs: 'Lavoir du haut',
          theirs_by: { kind: 'self' },
        },
      ]);
    }
    expect(await crowd.server.sql('select id from app.points where id = $1', [id])).toHaveLength(1);
  });

  it('keeps what both said when one draft was finished on two phones', async () => {
    const person = await crowd.somebody();
    const { phone } = person;
    const twin = await crowd.otherPhone(person);
    const geom = { lon: 2.5512, lat: 43.3215, accuracy_m: 8, source: 'gps' };
    const id = await phone.capture({ patch: { geom, 'attributes.name': 'Lavoir du haut' } });
    await twin.capture({
      point_id: id,
      patch: { geom, 'attributes.name': 'Lavoir du bas', 'attributes.use': 'laver' },
    });
    expect(await phone.sync()).toBeNull();
    await twin.sync();
    expect(await twin.sync()).toBeNull();
    expect(await crowd.onServer(id)).toMatchObject([
      { attributes: { name: 'Lavoir du haut', use: 'laver' } },
    ]);
    expect(await twin.ctx.precious.outbox.toArray()).toMatchObject([
      { state: 'conflict', conflicts: [{ mine: 'Lavoir du bas', theirs: 'Lavoir du haut' }] },
    ]);
  });

  it('gets a photo past an object that is not its own, and neither loses nor doubles it', async () => {
    const { phone } = await crowd.somebody();
    const id = await phone.capture({ expected_photos: 1 });
    const { bytes, width, height } = jpegWithExif();
    const photo = await phone.takePhoto(id, bytes.slice().buffer, { width, height });
    await phone.ctx.precious.photos.update(photo.id, { state: 'local', caption: 'le bassin' });
    // An upload of which the store kept the first half.
    const path = photoPath(phone.ctx.userId, id, photo.id, photo.sha256);
    await uploadPhoto(phone.ctx.api, path, bytes.slice(0, bytes.length / 2).buffer);
    const held = async () => {
      const rows = await phone.ctx.precious.photos.toArray();
      return rows.map(({ state, last_problem }) => last_problem?.code ?? state);
    };
    let waitedMs = 0;
    phone.clock = () => new Date(Date.now() + waitedMs);
    const later = async () => {
      waitedMs += 600_000;
      await phone.sync();
      return held();
    };
    await phone.sync();
    expect(await held()).toEqual(['photo_mismatch']);
    expect(await later()).toEqual(['local']);
    expect(await phone.ctx.precious.photo_bytes.count()).toBe(1);
    expect(await later()).toEqual(['stored']);
    expect(await phone.ctx.precious.photo_bytes.count()).toBe(0);
    expect(await phone.ctx.precious.photo_thumbs.count()).toBe(1);
    const stored = await crowd.server.sql<{ sha256: string; caption: string }>(
      'select sha256, caption from app.photos where point_id = $1',
      [id],
    );
    expect(stored).toEqual([{ sha256: photo.sha256, caption: 'le bassin' }]);
  });

  it.each(['1969-07-20T20:17:00Z', '1970-01-02T00:00:00Z', '2099-12-31T00:00:00Z'])(
    'with a clock set to %s: dated by the server, forgotten by it alone, and told',
    async (at) => {
      const { phone } = await crowd.somebody();
      const known = await phone.capture();
      expect(await phone.sync()).toBeNull();
      phone.clock = () => new Date(at);
      // Not yet noticed: this one is done under the wrong date.
      const id = await phone.capture();
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(await phone.sync()).toBeNull();
      const later = await phone.capture();
      expect(await phone.sync()).toBeNull();
      for (const one of [known, id, later]) expect(await crowd.onServer(one)).toHaveLength(1);
      const skew = await clockSkewMs(phone.ctx.cache);
      expect(Math.abs(skew - (Date.parse(at) - Date.now()))).toBeLessThan(60_000);
      // Nothing is purged by a clock that lies, and the last receipt bears the true day.
      const receipts = await phone.ctx.precious.sent.toArray();
      expect(receipts.map((row) => row.point_id).sort()).toEqual([known, id, later].sort());
      const last = receipts.find((row) => row.point_id === later);
      expect(last?.at.slice(0, 10)).toBe(new Date().toISOString().slice(0, 10));
      const [row] = await crowd.server.sql<{ ok: boolean }>(
        'select bool_and(captured_at <= now()) as ok from app.points where id = any($1::uuid[])',
        [`{${id},${later}}`],
      );
      expect(row?.ok).toBe(true);
    },
  );

  it.each(schemas)('opens, shows and sends what %s of the app kept', async (file) => {
    const { phone, id: userId } = await crowd.somebody();
    const text = await readFile(file, 'utf8');
    const fixture = JSON.parse(text.replaceAll('USER', userId)) as PreciousFixture;
    const name = phone.ctx.precious.name;
    phone.ctx.precious.close();
    await writeFixture(name, fixture);
    phone.restart();
    const [point] = fixture.points;
    expect(await phone.shown(point ?? '')).toMatchObject({
      point: { attributes: { name: 'Lavoir du Riou' } },
    });
    expect(await draftsOf(phone.ctx.precious, userId)).toHaveLength(1);
    expect(await phone.sync()).toBeNull();
    expect(await phone.sync()).toBeNull();
    expect(await crowd.onServer(point ?? '')).toMatchObject([{ attributes: { name: 'Lavoir du Riou' } }]);
    expect(await crowd.server.sql('select id from app.photos where point_id = $1', [point])).toHaveLength(1);
    const { outbox, calls } = phone.ctx.precious;
    expect([await outbox.count(), await calls.count()]).toEqual([0, 0]);
    expect(await draftsOf(phone.ctx.precious, userId)).toHaveLength(1);
  });

  it.each(schemas)('sends what is still written by a tab left open with %s', async (file) => {
    const { phone, id: userId } = await crowd.somebody();
    const text = await readFile(file, 'utf8');
    const fixture = JSON.parse(text.replaceAll('USER', userId)) as PreciousFixture;
    const { name } = phone.ctx.precious;
    phone.ctx.precious.close();
    await writeFixture(name, fixture);
    const oldTab = await openFixture(name, fixture);
    // The tab of today brings the schema to its own version under the feet of the old one.
    phone.restart();
    expect(await phone.ctx.precious.outbox.count()).toBeGreaterThan(0);
    const [create] = fixture.tables['outbox'] ?? [];
    const [mutation_id, point_id] = [crypto.randomUUID(), crypto.randomUUID()];
    const mutation = { ...(create?.['mutation'] as object), mutation_id, point_id };
    const row: Record<string, unknown> = { ...create, mutation_id, point_id, mutation, state: 'queued' };
    // The database numbers it, and it was never tried.
    delete row['n'];
    delete row['frozen'];
    await oldTab.table('outbox').add(row);
    oldTab.close();
    expect(await phone.sync()).toBeNull();
    expect(await phone.sync()).toBeNull();
    expect(await crowd.onServer(point_id)).toHaveLength(1);
    expect(await phone.ctx.precious.outbox.where({ point_id }).count()).toBe(0);
  });
});
