import 'fake-indexeddb/auto';

import Dexie from 'dexie';
import { describe, expect, it } from 'vitest';

import { openCache } from '../../../src/db/cache.ts';
import { withStore } from '../../../src/db/guard.ts';
import { openPrecious } from '../../../src/db/precious.ts';
import { pointsAround, putPoints, releasePoints } from '../../../src/db/points.ts';
import { discardMutation, retryMutation, undoMutation } from '../../../src/sync/outbox-actions.ts';
import { enqueueMutation } from '../../../src/sync/enqueue.ts';
import { problem } from '../../../src/domain/problems.ts';
import type { Mutation } from '../../../src/domain/mutation.ts';
import { aPoint } from '../../support/arbitraries.ts';

const now = new Date('2026-05-02T10:00:00Z');
const create: Mutation = {
  mutation_id: '018f0000-0000-7000-8000-00000000000a',
  v: 1,
  kind: 'create',
  point_id: 'p1',
  theme: 'heritage',
  captured_at: now.toISOString(),
  patch: { geom: { lon: 2, lat: 43, accuracy_m: 8, source: 'gps' } },
};

describe('a local store', () => {
  it('is opened again when its connection died, and the work done once more', async () => {
    const store = openPrecious('dying');
    await store.open();
    let tries = 0;
    const count = await withStore(store, () => {
      tries += 1;
      if (tries === 1) throw new Dexie.DatabaseClosedError('gone');
      return store.outbox.count();
    });
    expect([count, tries]).toEqual([0, 2]);
  });

  it('says when there is no room, and when it stays closed', async () => {
    const store = openPrecious('full');
    const full = () =>
      Promise.reject(new Dexie.AbortError('x', new DOMException('full', 'QuotaExceededError') as never));
    await expect(withStore(store, full)).rejects.toMatchObject({ problem: { code: 'quota' } });
    const dead = () => Promise.reject(new Dexie.DatabaseClosedError('gone'));
    await expect(withStore(store, dead)).rejects.toMatchObject({ problem: { code: 'storage_closed' } });
    const bug = () => Promise.reject(new RangeError('a bug'));
    await expect(withStore(store, bug)).rejects.toBeInstanceOf(RangeError);
  });

  it('takes nothing half: a malformed mutation leaves no trace', async () => {
    const store = openPrecious('whole');
    const broken = { ...create, patch: 'nonsense' } as unknown as Mutation;
    await expect(enqueueMutation(store, broken, { userId: 'me', now })).rejects.toThrow();
    expect(await store.outbox.count()).toBe(0);
  });
});

describe('what waits', () => {
  it('can be taken back until it leaves, and not after', async () => {
    const store = openPrecious('undo');
    await enqueueMutation(store, create, { userId: 'me', now });
    expect(await undoMutation(store, create.mutation_id)).toMatchObject({ kind: 'create' });
    expect(await store.outbox.count()).toBe(0);
    await enqueueMutation(store, create, { userId: 'me', now });
    await store.outbox.toCollection().modify({ frozen: '{}', attempts: 1 });
    expect(await undoMutation(store, create.mutation_id)).toBeNull();
    await discardMutation(store, create.mutation_id);
    expect(await store.outbox.count()).toBe(0);
  });

  it('takes along what was said of a capture that its author gives up', async () => {
    const store = openPrecious('said');
    await enqueueMutation(store, create, { userId: 'me', now });
    const { mutation_id, v, point_id, captured_at } = create;
    const said = { v, point_id, captured_at, kind: 'comment', text: 'Clé à la mairie' } as const;
    await enqueueMutation(
      store,
      { ...said, mutation_id: mutation_id.replace(/a$/, 'b') },
      { userId: 'me', now },
    );
    await undoMutation(store, mutation_id);
    expect(await store.outbox.count()).toBe(0);
  });

  it('refused for good is tried under a new id; else under its own', async () => {
    const store = openPrecious('retry');
    const random = (length: number) => new Uint8Array(length).fill(7);
    await enqueueMutation(store, create, { userId: 'me', now });
    const refuse = (code: 'outside_territory' | 'unknown_theme') =>
      store.outbox
        .toCollection()
        .modify({ state: 'refused', frozen: '{}', attempts: 1, last_problem: problem(code) });
    await refuse('unknown_theme');
    await retryMutation(store, create.mutation_id, now, random);
    expect(await store.outbox.toArray()).toMatchObject([
      { mutation_id: create.mutation_id, frozen: '{}', state: 'queued' },
    ]);
    await refuse('outside_territory');
    await retryMutation(store, create.mutation_id, now, random);
    const [row] = await store.outbox.toArray();
    expect(row).toMatchObject({ state: 'queued', frozen: null, attempts: 0, n: 1 });
    expect(row?.mutation_id).not.toBe(create.mutation_id);
    expect(row?.mutation.mutation_id).toBe(row?.mutation_id);
  });
});

describe('the copy of the server', () => {
  it('keeps a row while a followed bucket holds it, and no older one over a newer', async () => {
    const cache = openCache('me', 'held-');
    const cell = 'c:heritage:033333333333';
    const followed = new Set(['u:me', cell]);
    const row = aPoint({ status: 'published', cell: '033333333333', v: 5 });
    await putPoints(cache, [row], followed);
    await putPoints(cache, [{ ...row, v: 4, concept: 'older' }], followed);
    expect(await cache.points.toArray()).toMatchObject([
      { held: ['u:me', cell], point: { v: 5, concept: null } },
    ]);
    await releasePoints(cache, cell);
    expect(await cache.points.count()).toBe(1);
    await putPoints(cache, [{ ...row, mine: false, cell: '000000000000', v: 6 }], followed);
    expect(await cache.points.count()).toBe(0);
  });

  it('finds what is around, in a theme', async () => {
    const cache = openCache('me', 'around-');
    const at = (id: string, lat: number) =>
      aPoint({ id, geom: { lon: 2, lat, accuracy_m: 3, source: 'gps' } });
    await putPoints(cache, [at('here', 43), at('near', 43.0005), at('far', 43.01)], new Set(['u:me']));
    const found = await pointsAround(cache, 'heritage', { lon: 2, lat: 43 }, 100);
    expect(found.map((one) => one.id)).toEqual(['here', 'near']);
    expect(await pointsAround(cache, 'lighting', { lon: 2, lat: 43 }, 100)).toEqual([]);
  });
});
