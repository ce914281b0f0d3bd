import 'fake-indexeddb/auto';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { type Cache, openCache } from '../../../src/db/cache.ts';
import { openPrecious, type Precious } from '../../../src/db/precious.ts';
import { reviewOfPoint } from '../../../src/domain/review.ts';
import type { SyncContext } from '../../../src/sync/context.ts';
import { pull } from '../../../src/sync/pull.ts';
import { aPoint } from '../../support/arbitraries.ts';
import { anItem } from '../../support/queue-items.ts';

let cache: Cache;
let precious: Precious;
let visibility_epoch: number;

beforeEach(async () => {
  cache = openCache('me', 'taken-along-');
  precious = openPrecious('taken-along');
  visibility_epoch = 1;
  const item = anItem('a');
  const review = reviewOfPoint(aPoint({ id: 'a' }), item);
  await cache.reviews.put({ key: 'a~new', item, review, at: '2026-05-01T10:00:00Z' });
  await cache.review_photos.put({ path: 'a.jpg', bytes: new ArrayBuffer(1) });
});
afterEach(async () => {
  await cache.delete();
  await precious.delete();
});

/** What the server answers to somebody of whom it has nothing to bring. */
function answer(query: { buckets?: { id: string }[]; bucket?: string }): unknown {
  const common = { user_id: 'me', epoch: 'e' };
  if (query.buckets) {
    const next = query.buckets.map(({ id }) => ({ id, cursor: 'c', more: false }));
    const none = { changed: [], gone: [], concepts: [], themes: [], resync: [] };
    return { ...common, ...none, visibility_epoch, next };
  }
  if (query.bucket) return { ...common, horizon: 'h', points: [], next: null };
  return { ...common, memberships: [] };
}

const round = () => {
  const api = { call: (_name: string, query: object) => Promise.resolve(answer(query)) };
  const ctx = { precious, cache, api, userId: 'me', now: () => new Date(), chance: () => 0 };
  return pull(ctx as unknown as SyncContext, new AbortController().signal);
};
const kept = async () => [await cache.reviews.count(), await cache.review_photos.count()];

test('what was taken along to decide goes when what its reader may see has changed', async () => {
  await round();
  await round();
  expect(await kept()).toEqual([1, 1]);
  visibility_epoch = 2;
  await round();
  expect(await kept()).toEqual([0, 0]);
});
