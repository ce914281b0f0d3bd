import 'fake-indexeddb/auto';

import { expect, test, vi } from 'vitest';

import { addArea } from '../../../src/db/areas.ts';
import { openCache } from '../../../src/db/cache.ts';
import { onFull, withRoom, withStore } from '../../../src/db/guard.ts';
import { putPoints } from '../../../src/db/points.ts';
import { openPrecious } from '../../../src/db/precious.ts';
import { reliefsOf } from '../../../src/db/trim.ts';
import { bucketsOver } from '../../../src/domain/area.ts';
import { boxAround } from '../../../src/domain/geo/distance.ts';
import { ProblemError } from '../../../src/domain/problems.ts';
import { aPoint } from '../../support/arbitraries.ts';
import { THEMES } from '../../support/field-kit.ts';

const now = () => new Date('2026-05-02T10:00:00Z');
const FAR = 'c:heritage:033333333333';
const full = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
/** Work that finds room only at its second try. */
const onceFull = () => vi.fn(() => Promise.resolve('done')).mockImplementationOnce(full as never);

test('the points of a sector taken along go last, and only if they must', async () => {
  const cache = openCache('me', 'relief-');
  const precious = openPrecious('relief');
  const bounds = boxAround({ lon: 2.5512, lat: 43.3215 }, 100);
  const progress = { state: 'whole', tiles: 0, kept: 0, bytes: 0, problem: null } as const;
  await addArea(precious, {
    ...{ id: 'one', user_id: 'me', name: 'Autour', bounds, taken_at: now().toISOString() },
    ...progress,
  });
  await cache.themes.bulkPut([...THEMES]);
  const [taken = ''] = bucketsOver([{ bounds }], ['heritage']);
  const row = { cursor: '1.0', horizon: null, after: null, complete_at: now().toISOString(), weight: 10 };
  await cache.buckets.bulkPut([taken, FAR].map((id) => ({ id, ...row })));
  const inCell = (id: string, bucket: string) =>
    aPoint({ id, mine: false, status: 'published', theme: 'heritage', cell: bucket.split(':')[2] ?? '' });
  const points = [
    inCell('018f0000-0000-7000-8000-0000000000a1', taken),
    inCell('018f0000-0000-7000-8000-0000000000a2', FAR),
  ];
  await putPoints(cache, points, new Set([taken, FAR]));
  onFull(
    precious,
    reliefsOf(() => [cache], precious, now),
  );

  expect(await withStore(precious, onceFull())).toBe('done');
  expect(await cache.buckets.toCollection().primaryKeys()).toEqual([taken]);
  expect(await cache.points.toCollection().primaryKeys()).toEqual(['018f0000-0000-7000-8000-0000000000a1']);

  expect(await withStore(precious, onceFull())).toBe('done');
  expect([await cache.buckets.count(), await cache.points.count()]).toEqual([0, 0]);
});

test('one thing is let go of after the other until there is room, and no more than that', async () => {
  const precious = openPrecious('relief-steps');
  const [nothing, little, enough, rest] = [false, true, true, true].map((answer) =>
    vi.fn(() => Promise.resolve(answer)),
  );
  onFull(precious, [nothing, little, enough, rest] as never);
  const told = () => Promise.reject(new ProblemError('quota'));
  const work = vi.fn(() => Promise.resolve('done'));
  work.mockImplementationOnce(told as never).mockImplementationOnce(told as never);
  expect(await withRoom(precious, work)).toBe('done');
  expect([nothing, little, enough, rest].map((step) => step?.mock.calls.length)).toEqual([1, 1, 1, 0]);
  expect(work).toHaveBeenCalledTimes(3);
});
