import 'fake-indexeddb/auto';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { addArea } from '../../../src/db/areas.ts';
import { type Cache, openCache } from '../../../src/db/cache.ts';
import { setLastPosition } from '../../../src/db/meta.ts';
import { openPrecious, type Precious } from '../../../src/db/precious.ts';
import { putPoints } from '../../../src/db/points.ts';
import { trimCache } from '../../../src/db/trim.ts';
import { boxAround } from '../../../src/domain/geo/distance.ts';
import { LIMITS } from '../../../src/domain/limits.ts';
import type { Point } from '../../../src/domain/point.ts';
import { keepThumbs, keptThumb, thumbsWanted } from '../../../src/state/kept-thumbs.ts';

import { aPoint } from '../../support/arbitraries.ts';
import { THEMES } from '../../support/field-kit.ts';

const HERE = { lon: 2.35, lat: 43.2 };
const FAR = { lon: 2.9, lat: 43.5 };
let [precious, cache] = [undefined, undefined] as unknown as [Precious, Cache];
let count = 0;
let asked: string[];
/** What the network gives. */
let road: (path: string) => ArrayBuffer | null;
let freeBytes: number | null;

const picture = (id: string) => ({
  ...{ id, state: 'published', width: 1, height: 1 },
  thumb_url: `/published/${id}.jpg`,
});
function known(id: string, at: { lon: number; lat: number }, photos = [picture(id)]): Point {
  return aPoint({ id, mine: false, status: 'published', geom: { ...at, source: 'gps' }, cell: 'x', photos });
}
const put = (...points: Point[]) =>
  putPoints(cache, points, new Set(THEMES.map((theme) => `c:${theme.id}:x`)), true);
const keep = (signal = new AbortController().signal) =>
  keepThumbs(
    {
      precious,
      cache: () => cache,
      userId: () => 'me',
      fetch: (path) => (asked.push(path), Promise.resolve(road(path))),
      freeBytes: () => Promise.resolve(freeBytes),
    },
    'me',
    signal,
  );
const kept = async () => (await cache.thumbs.toCollection().primaryKeys()).toSorted();

beforeEach(async () => {
  count += 1;
  precious = openPrecious(`precious-thumbs-${count}`);
  cache = openCache(`thumbs-${count}`);
  [asked, road, freeBytes] = [[], () => new ArrayBuffer(8), null];
  await cache.themes.bulkPut([...THEMES]);
  await setLastPosition(precious, HERE);
});
afterEach(() => {
  precious.close();
  cache.close();
});

const take = () =>
  addArea(precious, {
    id: 'one',
    user_id: 'me',
    name: 'Loin',
    bounds: boxAround(FAR, 1_000),
    taken_at: '2026-05-02T10:00:00Z',
    state: 'whole',
    tiles: 0,
    kept: 0,
    bytes: 0,
    problem: null,
  });

test('without network what others captured nearby, and what was taken along, has its first picture', async () => {
  const near = known('near', { ...HERE, lat: 43.201 }, [picture('near'), picture('near-2')]);
  const far = known('far', FAR);
  await put(near, far, known('elsewhere', { lon: 1.5, lat: 44 }), known('bare', HERE, []));
  await keep();
  expect(await kept()).toEqual(['/published/near.jpg']);
  await take();
  await keep();
  expect(asked).toEqual(['/published/near.jpg', '/published/far.jpg']);
  road = () => null;
  expect(await keptThumb(cache, near)).toMatch(/^blob:/);
  expect(await keptThumb(cache, far)).toMatch(/^blob:/);
  expect(await keptThumb(cache, known('other', HERE))).toBeNull();
});

test('a picture that was taken back goes, and so does what is far by now', async () => {
  await put(known('a', HERE), known('b', HERE));
  await keep();
  expect(await kept()).toEqual(['/published/a.jpg', '/published/b.jpg']);
  await put(known('a', HERE, [picture('a-new')]));
  await keep();
  expect(await kept()).toEqual(['/published/a-new.jpg', '/published/b.jpg']);
  await setLastPosition(precious, FAR);
  await keep();
  expect(await kept()).toEqual([]);
});

test('the nearest first, and no more than was meant', async () => {
  const meters = (n: number) => ({ ...HERE, lat: HERE.lat + n / 111_195 });
  const street = Array.from({ length: LIMITS.thumbsAround + 20 }, (_, n) =>
    known(`p${n}`, meters(1_000 - n)),
  );
  await put(...street);
  const wanted = await thumbsWanted(cache, HERE, []);
  expect(wanted).toHaveLength(LIMITS.thumbsAround);
  expect(wanted[0]).toBe(`/published/p${street.length - 1}.jpg`);
  expect(wanted).not.toContain('/published/p0.jpg');
});

test('it stops where the network leaves, goes on later, and leaves room for what people capture', async () => {
  await put(known('a', HERE), known('b', HERE), known('c', HERE));
  road = () => (asked.length > 1 ? null : new ArrayBuffer(8));
  await keep();
  expect([(await kept()).length, asked.length]).toEqual([1, 2]);
  [asked, road] = [[], () => new ArrayBuffer(8)];
  freeBytes = LIMITS.roomLeftBytes - 1;
  await keep();
  expect(asked).toEqual([]);
  freeBytes = LIMITS.roomLeftBytes;
  await keep();
  expect([(await kept()).length, asked.length]).toEqual([3, 2]);
  expect(await trimCache(cache, new Date())).toBe(true);
  expect(await kept()).toEqual([]);
});
