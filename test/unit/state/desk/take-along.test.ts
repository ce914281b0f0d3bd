import 'fake-indexeddb/auto';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { type Cache, openCache } from '../../../../src/db/cache.ts';
import { ProblemError } from '../../../../src/domain/problems.ts';
import type { QueueItem } from '../../../../src/domain/queue-item.ts';
import { type Review, reviewOfPoint } from '../../../../src/domain/review.ts';
import type { DeskDeps } from '../../../../src/state/desk/deps.ts';
import { NO_FILTERS } from '../../../../src/state/desk/filters.ts';
import { Pictures } from '../../../../src/state/desk/pictures.svelte.ts';
import type { Queue } from '../../../../src/state/desk/queue.svelte.ts';
import { ReviewShelf } from '../../../../src/state/desk/shelf.ts';
import { TakeAlong } from '../../../../src/state/desk/take-along.svelte.ts';
import { aPoint } from '../../../support/arbitraries.ts';
import { anItem } from '../../../support/queue-items.ts';

let cache: Cache;
let along: TakeAlong;
/** Points whose review does not come: the network is lost there. */
let lost: string[];

const reviewOf = (item: QueueItem): Review => reviewOfPoint(aPoint({ id: item.point_id, photos: [] }), item);

function answer(query: { point_id?: string }): Promise<unknown> {
  const { point_id } = query;
  if (point_id === undefined) {
    return Promise.resolve({ items: ['a', 'b'].map((id) => anItem(id)), total: 2, next: null, counts: {} });
  }
  if (lost.includes(point_id)) return Promise.reject(new ProblemError('offline'));
  return Promise.resolve(reviewOf(anItem(point_id)));
}

beforeEach(async () => {
  cache = openCache('me', 'take-along-');
  lost = [];
  const api = { call: (_name: string, query: { point_id?: string }) => answer(query) };
  const deps = { api, cache: () => cache, now: () => new Date() } as unknown as DeskDeps;
  const pictures = new Pictures(deps);
  const queue = { filters: NO_FILTERS } as Queue;
  along = new TakeAlong(deps, queue, new ReviewShelf(deps, pictures), pictures);
  const old = anItem('old');
  await cache.reviews.put({ key: 'old~new', item: old, review: reviewOf(old), at: '2026-05-01T10:00:00Z' });
  await cache.review_photos.put({ path: 'old.jpg', bytes: new ArrayBuffer(1) });
});
afterEach(() => cache.delete());

const keys = () => cache.reviews.toCollection().primaryKeys();

test('a network lost half-way leaves what was taken before, and adds what came', async () => {
  lost = ['b'];
  await along.take();
  expect(along.problem?.code).toBe('offline');
  expect(await keys()).toContain('old~new');
  expect(await cache.review_photos.count()).toBe(1);
  lost = [];
  await along.take();
  expect(along.problem).toBe(null);
  expect(await keys()).toEqual(['a~new', 'b~new']);
  expect(await cache.review_photos.count()).toBe(0);
});
