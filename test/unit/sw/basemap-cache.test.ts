import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { BasemapCache } from '../../../src/sw/basemap-cache.ts';

const SQUARE = 'https://tiles.test/12/1/1';
const DAY_MS = 24 * 3_600_000;
/** Cache Storage as far as the service worker uses it: squares by cache and address. */
let shelves: Map<string, Map<string, Response>>;
let online: Response | null;

const addressOf = (request: RequestInfo | URL) =>
  request instanceof Request ? request.url : String(request);
const shelf = (name: string) => {
  const squares = shelves.get(name) ?? new Map<string, Response>();
  shelves.set(name, squares);
  return squares;
};
function open(name: string) {
  const squares = shelf(name);
  return {
    match: (request: RequestInfo) => Promise.resolve(squares.get(addressOf(request))?.clone()),
    put: (request: RequestInfo, square: Response) =>
      Promise.resolve(void squares.set(addressOf(request), square)),
    delete: (request: RequestInfo) => Promise.resolve(squares.delete(addressOf(request))),
    keys: () => Promise.resolve([...squares.keys()].map((url) => new Request(url))),
  };
}

beforeEach(() => {
  shelves = new Map();
  online = null;
  vi.stubGlobal('caches', {
    open: (name: string) => Promise.resolve(open(name)),
    match: (request: RequestInfo, { cacheName }: { cacheName: string }) => open(cacheName).match(request),
  });
  vi.stubGlobal('fetch', () =>
    online ? Promise.resolve(online.clone()) : Promise.reject(new TypeError('offline')),
  );
});
afterEach(() => vi.unstubAllGlobals());

function keep(name: string, text: string, daysOld: number): void {
  const headers = { 'x-capitelle-stored': String(Date.now() - daysOld * DAY_MS), 'x-capitelle-bytes': '4' };
  shelf(name).set(SQUARE, new Response(text, { headers }));
}

const giveWay = new AbortController();
const squares = new BasemapCache('basemap', giveWay.signal);
const seen = async () => (await squares.answer(new Request(SQUARE))).text();

test('a sector taken anew shows its newer squares, in place of those that were seen before', async () => {
  keep('basemap', 'last month', 20);
  keep('areas', 'today', 0);
  expect(await seen()).toBe('today');
  expect([...shelf('basemap').keys()]).toEqual([]);
});

test('a square seen since a sector was taken is newer than the sector’s', async () => {
  keep('areas', 'last year', 300);
  keep('basemap', 'yesterday', 1);
  expect(await seen()).toBe('yesterday');
  expect(shelf('areas').size).toBe(1);
});

test('what is old is asked again, kept, and shown all the same where there is no network', async () => {
  keep('areas', 'old', 300);
  expect(await seen()).toBe('old');
  online = new Response('new');
  expect(await seen()).toBe('new');
  await vi.waitFor(() => expect(shelf('basemap').size).toBe(1));
  online = null;
  expect(await seen()).toBe('new');
});

test('squares of a map that may not be kept go', async () => {
  keep('basemap', 'seen', 1);
  await squares.keepOnly(() => true);
  expect(shelf('basemap').size).toBe(1);
  await squares.keepOnly(() => false);
  expect(shelf('basemap').size).toBe(0);
});

test('without network, what was never seen fails as the network does', async () => {
  await expect(seen()).rejects.toThrow('offline');
});
