import 'fake-indexeddb/auto';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { addArea, areasOf, deleteArea, updateArea } from '../../../src/db/areas.ts';
import { openPrecious, type Precious } from '../../../src/db/precious.ts';
import type { TileShelf } from '../../../src/device/tile-shelf.ts';
import type { Area } from '../../../src/domain/area.ts';
import { boxAround } from '../../../src/domain/geo/distance.ts';
import { ProblemError } from '../../../src/domain/problems.ts';
import { areaUrls, downloadArea, sweepShelf } from '../../../src/state/area-download.ts';

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
let here: Set<string>;
let asked: string[];
/** What the network does to the nth square. */
let road: (nth: number) => void;
const shelf: TileShelf = {
  kept: () => Promise.resolve(new Set(here)),
  take: (url) => {
    asked.push(url);
    try {
      road(asked.length);
    } catch (cause) {
      return Promise.reject(cause as Error);
    }
    here.add(url);
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
  [here, asked, road] = [new Set(), [], () => undefined];
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
  expect([...here].toSorted()).toEqual(areaUrls(other, BASEMAP).toSorted());
  await deleteArea(precious, 'two');
  await sweepShelf(tools());
  expect(here.size).toBe(0);
});
