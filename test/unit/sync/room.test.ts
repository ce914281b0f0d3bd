import 'fake-indexeddb/auto';

import Dexie from 'dexie';
import { describe, expect, it, vi } from 'vitest';

import { deleteOtherCaches, openCache } from '../../../src/db/cache.ts';
import { onFull, withStore } from '../../../src/db/guard.ts';
import { putPoints } from '../../../src/db/points.ts';
import { openPrecious } from '../../../src/db/precious.ts';
import type { BucketRow } from '../../../src/db/rows.ts';
import { reliefsOf } from '../../../src/db/trim.ts';
import { digestOf } from '../../../src/domain/digest.ts';
import { LIMITS } from '../../../src/domain/limits.ts';
import type { SyncContext } from '../../../src/sync/context.ts';
import { enqueueMutation } from '../../../src/sync/enqueue.ts';
import { runsOf } from '../../../src/sync/reconcile.ts';
import { isFull, makeRoom, weightOf } from '../../../src/sync/room.ts';
import { countUnsent } from '../../../src/state/unsent.ts';
import { aPoint } from '../../support/arbitraries.ts';

const now = new Date('2026-05-02T10:00:00Z');
const NEAR = 'c:heritage:033333333333';
const bucket = (id: string, weight: number): BucketRow => ({
  id,
  cursor: '1.0',
  horizon: null,
  after: null,
  complete_at: now.toISOString(),
  weight,
});
const contextOf = (name: string): SyncContext =>
  ({ cache: openCache('me', name), now: () => now }) as unknown as SyncContext;

describe('the copy', () => {
  it('weighs what its rows weigh as JSON, within a few per cent', () => {
    const points = Array.from({ length: 1_000 }, (_, n) =>
      aPoint({ attributes: { name: 'x'.repeat(n % 90), use: 'laver' } }),
    );
    const exact = points.reduce((sum, point) => sum + JSON.stringify(point).length, 0);
    expect(Math.abs(weightOf(points) - exact) / exact).toBeLessThan(0.1);
    expect(weightOf([])).toBe(0);
  });

  it('at its limit lets go of the oldest places first, and never of nearer ones', async () => {
    const ctx = contextOf('room-');
    const third = Math.ceil(LIMITS.cacheBytes / 3);
    await ctx.cache.buckets.bulkPut([bucket('c:a:1', third), bucket('c:a:2', third), bucket('c:a:3', third)]);
    const wanted = ['u:me', 'c:a:new', 'c:a:1', 'c:a:2', 'c:a:3', 'c:a:far'];
    expect(await makeRoom(ctx, wanted, 'c:a:far')).toBe(false);
    expect(await ctx.cache.buckets.count()).toBe(3);
    expect(await makeRoom(ctx, wanted, 'c:a:new')).toBe(true);
    expect(await ctx.cache.buckets.toCollection().primaryKeys()).toEqual(['c:a:1', 'c:a:2']);
  });

  it('takes no more of the neighbourhood while the device has next to no room', async () => {
    const ctx = contextOf('scarce-');
    let free: number | null = LIMITS.freeBytesFloor - 1;
    const watched = { ...ctx, freeBytes: () => Promise.resolve(free) };
    await ctx.cache.buckets.bulkPut([bucket(NEAR, 10)]);
    expect([await makeRoom(watched, [NEAR], NEAR), await isFull(watched)]).toEqual([false, true]);
    // What is here stays: it takes nothing from captures.
    expect(await ctx.cache.buckets.count()).toBe(1);
    for (free of [LIMITS.freeBytesFloor, null]) {
      expect([await makeRoom(watched, [NEAR], NEAR), await isFull(watched)]).toEqual([true, false]);
    }
  });

  it('of somebody who left in haste does not stay', async () => {
    const mine = openCache('me', 'left-');
    await Promise.all([mine.open(), openCache('other', 'left-').open(), openCache('public', 'left-').open()]);
    await deleteOtherCaches(mine, 'left-');
    const names = (await Dexie.getDatabaseNames()).filter((name) => name.startsWith('left-'));
    expect(names.sort()).toEqual(['left-me', 'left-public']);
  });
});

describe('a full device', () => {
  it('lets go of the neighbourhood before it refuses work, and keeps what is mine', async () => {
    const ctx = contextOf('full-');
    const { cache } = ctx;
    const mine = aPoint({ id: '018f0000-0000-7000-8000-0000000000a1', mine: true });
    const theirs = aPoint({
      id: '018f0000-0000-7000-8000-0000000000a2',
      mine: false,
      status: 'published',
      cell: '033333333333',
    });
    await putPoints(cache, [mine, theirs], new Set(['u:me', NEAR]));
    await cache.buckets.bulkPut([bucket('u:me', 0), bucket(NEAR, 10)]);
    const precious = openPrecious('full-precious');
    const copies = () => [cache];
    onFull(
      precious,
      reliefsOf(copies, precious, () => now),
    );
    const put = vi.spyOn(precious.outbox, 'put');
    put.mockRejectedValueOnce(new DOMException('full', 'QuotaExceededError'));
    const mutation = {
      mutation_id: '018f0000-0000-7000-8000-00000000000a',
      v: 1 as const,
      kind: 'create' as const,
      point_id: 'p1',
      theme: 'heritage',
      captured_at: now.toISOString(),
      patch: { geom: { lon: 2, lat: 43, accuracy_m: 8, source: 'gps' } },
    };
    await enqueueMutation(precious, mutation, { userId: 'me', now });
    expect(await precious.outbox.count()).toBe(1);
    expect(await cache.points.toCollection().primaryKeys()).toEqual([mine.id]);
    expect(await cache.buckets.toCollection().primaryKeys()).toEqual(['u:me']);
    // Not pulled again at once, but tomorrow.
    expect(await makeRoom(ctx, [NEAR], NEAR)).toBe(false);
    const tomorrow = { ...ctx, now: () => new Date(now.getTime() + LIMITS.fullForMs) };
    expect(await makeRoom(tomorrow, [NEAR], NEAR)).toBe(true);
    // Nothing left to let go of: it is said, and nothing is half written.
    const full = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
    await expect(withStore(precious, full)).rejects.toMatchObject({ problem: { code: 'quota' } });
  });
});

describe('comparing', () => {
  it('adds up as the contract says, whatever the order', () => {
    const rows = [
      { id: '018f0000-0000-7000-8000-000000000004', v: 3 },
      { id: '018f0000-0000-7000-8000-000000000005', v: 1 },
      { id: '018f0000-0000-7000-8000-ffffffffffff', v: 2 },
    ];
    const sum = (4n + 5n + 0xffffffffffffn + 6n * 1_000_003n) % (1n << 48n);
    expect(digestOf(rows)).toEqual({ count: 3, digest: String(sum) });
    expect(digestOf(rows.toReversed())).toEqual(digestOf(rows));
    expect(digestOf([])).toEqual({ count: 0, digest: '0' });
  });

  it('fetches what is missing in few calls, and no more than a page in each', () => {
    const ids = Array.from({ length: 10_000 }, (_, n) => String(n).padStart(5, '0'));
    expect(runsOf(ids, [])).toEqual([]);
    expect(runsOf(ids, ['00000', '00030', '00500'])).toEqual([
      [null, 31],
      ['00499', 1],
    ]);
    const all = runsOf(ids, ids);
    expect(all.reduce((sum, [, rows]) => sum + rows, 0)).toBe(ids.length);
    expect(Math.max(...all.map(([, rows]) => rows))).toBeLessThanOrEqual(LIMITS.snapshotRows);
  });
});

it('photos that wait are unsent work too, though their contribution has arrived', async () => {
  const precious = openPrecious('unsent');
  const photo = {
    point_id: 'p1',
    user_id: 'me',
    sha256: '',
    mime: 'image/jpeg',
    size: 1,
    width: 1,
    height: 1,
    taken_at: now.toISOString(),
    licence: '',
    caption: null,
    attempts: 0,
    last_problem: null,
    not_before: 0,
  };
  await precious.photos.bulkPut([
    { ...photo, id: 'a', state: 'local' },
    { ...photo, id: 'b', state: 'uploading' },
    { ...photo, id: 'c', state: 'stored' },
    { ...photo, id: 'd', state: 'refused' },
    { ...photo, id: 'e', state: 'draft' },
    { ...photo, id: 'f', state: 'local', user_id: 'other', point_id: 'p2' },
  ]);
  expect(await countUnsent(precious, 'me')).toMatchObject({ waiting: 1, heed: 1 });
});
