// First of all: Dexie looks for IndexedDB when it is loaded.
import 'fake-indexeddb/auto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { askReconcile, lastReconciled } from '../../src/db/reconciled.ts';
import { type Crowd, gather } from '../support/crowd.ts';
import type { Detour, Phone } from '../support/phone.ts';

/** What a phone finds out by comparing, and puts right by itself. */
describe('a copy that differs from the server', { timeout: 120_000 }, () => {
  let crowd: Crowd;
  beforeAll(async () => {
    crowd = await gather();
  }, 240_000);
  afterAll(() => crowd.close());

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
