import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { TILE_SHELF } from '../../../src/device/tile-shelf.ts';

const URL_OF_SEA = 'https://tiles.test/12/0/0';
/** Cache Storage as far as the shelf uses it. */
let squares: Map<string, Response>;

beforeEach(() => {
  squares = new Map();
  const cache = {
    put: (url: string, square: Response) => Promise.resolve(void squares.set(url, square)),
    keys: () => Promise.resolve([...squares.keys()].map((url) => new Request(url))),
    match: (request: Request) => Promise.resolve(squares.get(request.url)),
  };
  vi.stubGlobal('caches', { open: () => Promise.resolve(cache) });
});
afterEach(() => vi.unstubAllGlobals());

test('a square that does not exist is remembered, and weighs nothing', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(null, { status: 404 })));
  const { signal } = new AbortController();
  expect(await TILE_SHELF.take(URL_OF_SEA, signal)).toBe(0);
  expect([...(await TILE_SHELF.kept())]).toEqual([URL_OF_SEA]);
  expect((await TILE_SHELF.keptSince(0)).get(URL_OF_SEA)).toBe(0);
  // The map is told the same as by its server.
  expect(squares.get(URL_OF_SEA)?.status).toBe(404);
});
