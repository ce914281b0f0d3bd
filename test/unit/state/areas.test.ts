import 'fake-indexeddb/auto';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { addArea, areasOf, deleteArea, holdingsOf, updateArea } from '../../../src/db/areas.ts';
import { openCache } from '../../../src/db/cache.ts';
import { openPrecious, type Precious } from '../../../src/db/precious.ts';
import type { TileShelf } from '../../../src/device/tile-shelf.ts';
import { type Area, bucketsOver, missingOf, weighArea } from '../../../src/domain/area.ts';
import { conceptSchema } from '../../../src/domain/concept.ts';
import { boxAround } from '../../../src/domain/geo/distance.ts';
import { ProblemError } from '../../../src/domain/problems.ts';
import type { Theme } from '../../../src/domain/theme.ts';
import { areaUrls, checkKept, downloadArea, sweepShelf } from '../../../src/state/area-download.ts';
import { THEMES } from '../../support/field-kit.ts';

const BASEMAP = { url: 'https://tiles.test/{z}/{x}/{y}', maxZoom: 19 };
const AREA: Area = {
  id: 'one',
  user_id: 'me',
  name: 'Autour',
  bounds: boxAround({ lon: 2.5512, lat: 43.3215 }, 1_000),
  taken_at: '2026-05-02T10:00:00Z',
  state: 'taking',
  tiles: 0,
  kept: 0,
  bytes: 0,
  problem: null,
};
const URLS = areaUrls(AREA, BASEMAP);

let precious: Precious;
let count = 0;
/** Squares on the shelf, with the instant at which they came. */
let here: Map<string, number>;
let clock: number;
let asked: string[];
/** What the network does to the nth square. */
let road: (nth: number) => void;
const shelf: TileShelf = {
  kept: () => Promise.resolve(new Set(here.keys())),
  keptSince: (instant) =>
    Promise.resolve(new Map([...here].filter(([, at]) => at >= instant).map(([url]) => [url, 100]))),
  take: (url) => {
    asked.push(url);
    try {
      road(asked.length);
    } catch (cause) {
      return Promise.reject(cause as Error);
    }
    here.set(url, clock);
    return Promise.resolve(100);
  },
  drop: (urls) => Promise.resolve(urls.forEach((url) => here.delete(url))),
};
const tools = () => ({ precious, shelf, basemap: BASEMAP });
const row = async (): Promise<Area | undefined> => (await areasOf(precious, 'me'))[0];
const download = async (signal = new AbortController().signal) =>
  downloadArea(tools(), (await row()) ?? AREA, signal);

beforeEach(async () => {
  precious = openPrecious(`precious-areas-${++count}`);
  [here, asked, road] = [new Map(), [], () => undefined];
  clock = Date.parse(AREA.taken_at);
  await addArea(precious, AREA);
});
afterEach(() => precious.close());

test('a sector comes whole, and says what it weighs', async () => {
  await download();
  expect(await row()).toMatchObject({
    state: 'whole',
    tiles: URLS.length,
    kept: URLS.length,
    bytes: URLS.length * 100,
  });
});

test('a large commune comes as far as its streets, and the same squares are looked for ever after', async () => {
  const bounds = [2.8905, 43.0837, 3.1692, 43.239] as const;
  const narbonne: Area = { ...AREA, id: 'narbonne', name: 'Narbonne', bounds };
  await addArea(precious, narbonne);
  await downloadArea(tools(), narbonne, new AbortController().signal);
  const { tiles } = weighArea(bounds, BASEMAP.maxZoom, null, []);
  expect(await row()).toMatchObject({ name: 'Narbonne', state: 'whole', tiles, kept: tiles });
  expect(new Set(asked.map((url) => url.split('/')[3]))).toEqual(new Set(['12', '13', '14', '15', '16']));
  await checkKept(tools());
  expect(await row()).toMatchObject({ state: 'whole' });
});

test('cut half-way it keeps what came, says why, and goes on from there', async () => {
  road = (nth) => {
    if (nth > 60) throw new ProblemError('offline');
  };
  await download();
  const cut = await row();
  expect(cut).toMatchObject({ state: 'paused', problem: 'offline' });
  expect(cut?.kept).toBe(60);
  [asked, road] = [[], () => undefined];
  await download();
  expect(asked).toHaveLength(URLS.length - 60);
  expect(await row()).toMatchObject({
    state: 'whole',
    kept: URLS.length,
    bytes: URLS.length * 100,
    problem: null,
  });
});

test('a full phone ends it there, in so many words', async () => {
  road = (nth) => {
    if (nth > 10) throw new ProblemError('quota');
  };
  await download();
  expect(await row()).toMatchObject({ state: 'paused', problem: 'quota' });
});

test('paused from another tab it stops between two lots; deleted, it writes nothing more', async () => {
  road = (nth) => {
    if (nth === 5) void updateArea(precious, 'one', { state: 'paused' });
  };
  await download();
  expect((await row())?.state).toBe('paused');
  expect(asked.length).toBeLessThan(URLS.length);
  await deleteArea(precious, 'one');
  await download();
  expect(await row()).toBeUndefined();
});

test('a deleted sector leaves the squares that another one needs', async () => {
  const other = { ...AREA, id: 'two', bounds: boxAround({ lon: 2.56, lat: 43.3215 }, 1_000) };
  await addArea(precious, other);
  await downloadArea(tools(), AREA, new AbortController().signal);
  await downloadArea(tools(), other, new AbortController().signal);
  await deleteArea(precious, 'one');
  await sweepShelf(tools());
  expect([...here.keys()].toSorted()).toEqual(areaUrls(other, BASEMAP).toSorted());
  await deleteArea(precious, 'two');
  await sweepShelf(tools());
  expect(here.size).toBe(0);
});

test('a newer map replaces the older one square by square: cut in the middle, nothing of either is lost', async () => {
  await download();
  const RENEWED_AT = '2026-09-01T08:00:00Z';
  await updateArea(precious, 'one', { renewing: RENEWED_AT, state: 'taking', kept: 0 });
  clock = Date.parse(RENEWED_AT) + 1;
  asked = [];
  road = (nth) => {
    expect(here.size, 'every square is here at every moment').toBe(URLS.length);
    if (nth > 60) throw new ProblemError('offline');
  };
  await download();
  const cut = await row();
  expect(cut).toMatchObject({ state: 'paused', problem: 'offline', kept: 60, renewing: RENEWED_AT });
  expect(cut).toMatchObject({ taken_at: AREA.taken_at, bytes: URLS.length * 100 });
  expect(cut && missingOf(cut, { cells: 1, cellsHere: 1, hasWords: true, isFull: false })).toEqual([]);
  expect(here.size).toBe(URLS.length);

  [asked, road] = [[], () => undefined];
  await download();
  expect(asked).toHaveLength(URLS.length - 60);
  expect(await row()).toMatchObject({
    state: 'whole',
    taken_at: RENEWED_AT,
    renewing: null,
    kept: URLS.length,
  });
  expect([...here.values()].every((at) => at === clock)).toBe(true);
});

test('a map that the browser let go of is not said to be whole, and only what is gone comes again', async () => {
  await download();
  await checkKept(tools());
  expect((await row())?.state).toBe('whole');
  for (const url of URLS.slice(0, 10)) here.delete(url);
  await checkKept(tools());
  const kept = URLS.length - 10;
  expect(await row()).toMatchObject({ state: 'paused', kept, bytes: kept * 100 });
  asked = [];
  await download();
  expect(asked).toHaveLength(10);
  expect(await row()).toMatchObject({ state: 'whole', kept: URLS.length });
});

test('a sector begun at the same moment is counted before the next is', async () => {
  const refuse = () => {
    throw new ProblemError('too_large');
  };
  const check = (areas: readonly Area[]) => (areas.length > 1 ? refuse() : undefined);
  const begin = (id: string) => addArea(precious, { ...AREA, id }, check);
  const both = await Promise.allSettled([begin('two'), begin('three')]);
  expect(both.map((one) => one.status)).toEqual(['fulfilled', 'rejected']);
  expect(await areasOf(precious, 'me')).toHaveLength(2);
});

test('a sector is whole once its cells of every theme, the forms and the terms are here too', async () => {
  await download();
  const cache = openCache(`areas-${count}`);
  const missing = async () => missingOf((await row()) as Area, await holdingsOf(cache, AREA));
  const came = (id: string, complete_at: string | null) =>
    cache.buckets.put({ id, cursor: null, horizon: null, after: null, complete_at });
  expect(await missing()).toEqual(['words']);

  const themes = ['heritage', 'lighting'];
  await cache.themes.bulkPut(themes.map((id) => ({ ...THEMES[0], id }) as Theme));
  const cells = bucketsOver([AREA], themes);
  expect(cells.length).toBeGreaterThanOrEqual(2);
  expect(await missing()).toEqual(['points', 'words']);
  await came('t', '2026-05-02T10:00:01Z');
  await cache.concepts.put(conceptSchema.parse({ id: 'lavoir', scheme: 'heritage', labels: {} }));
  for (const id of cells) {
    expect(await missing()).toEqual(['points']);
    await came(id, null);
    expect(await missing(), 'a cell that began has not come').toEqual(['points']);
    await came(id, '2026-05-02T10:00:02Z');
  }
  expect(await missing()).toEqual([]);
  await updateArea(precious, 'one', { state: 'paused' });
  expect(await missing()).toEqual(['map']);
  cache.close();
});
