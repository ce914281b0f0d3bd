import { expect, test, vi } from 'vitest';

import type { Api } from '../../src/api/client.ts';
import type { Position } from '../../src/domain/geo/distance.ts';
import { pointSchema } from '../../src/domain/point.ts';
import { ProblemError } from '../../src/domain/problems.ts';
import { thesaurusOf } from '../../src/domain/thesaurus/tree.ts';
import { Browse } from '../../src/state/browse.svelte.ts';
import type { Catalogue } from '../../src/state/catalogue.svelte.ts';

const item = (id: string, lon = 2.5, lat = 43.3) => ({
  id,
  theme: 'heritage',
  concept: null,
  label: id,
  status: 'published',
  lon,
  lat,
  commune: '11081',
  commune_name: 'Caunes-Minervois',
});
const answer = (items: unknown[], next: string | null = null) => ({
  total: items.length,
  exact: true,
  items,
  next,
});

const catalogue = {
  thesaurus: thesaurusOf([]),
  theme: () => undefined,
  concept: () => undefined,
  conceptLabel: () => null,
  themeLabel: (id: string) => id,
} as unknown as Catalogue;

const kept = pointSchema.parse({
  id: 'kept',
  rev: 1,
  v: 1,
  theme: 'heritage',
  status: 'published',
  geom: { lon: 2.5, lat: 43.3, source: 'gps' },
});

function browseOver(
  read: (name: string, params: Record<string, unknown>) => unknown,
  here: Position | null = null,
) {
  const asked: Record<string, unknown>[] = [];
  const api = {
    url: '',
    read: (name: string, params: Record<string, string>) => {
      const question =
        params['p'] === undefined ? params : (JSON.parse(params['p']) as Record<string, unknown>);
      asked.push({ name, ...question });
      return Promise.resolve().then(() => read(name, question));
    },
  } as unknown as Api;
  const browse = new Browse({
    api,
    catalogue,
    position: () => here,
    cachedPoints: () => Promise.resolve([kept]),
  });
  return { browse, asked };
}

test('the list answers for what the map shows, nearest first', async () => {
  const { browse, asked } = browseOver(() => answer([item('a'), item('b')]), { lon: 2.5, lat: 43.3 });
  browse.look([2, 43, 3, 44]);
  await vi.waitFor(() => expect(browse.phase).toBe('ready'));
  expect(asked[0]).toMatchObject({ bbox: [2, 43, 3, 44], near: { lon: 2.5, lat: 43.3 } });
  expect(browse.items.map((one) => one.distanceMeters)).toEqual([0, 0]);
  expect([browse.total, browse.isByDistance, browse.isEverywhere]).toEqual([2, true, false]);
});

test('a text is looked for everywhere, and the map goes to the answer', async () => {
  const { browse, asked } = browseOver(() => answer([item('a', 2, 43), item('b', 3, 44)]));
  browse.look([0, 0, 1, 1]);
  browse.open('q=croix&view=list');
  await vi.waitFor(() => expect(browse.extent).toEqual([2, 43, 3, 44]));
  expect(asked.at(-1)).toMatchObject({ q: 'croix' });
  expect(asked.at(-1)).not.toHaveProperty('bbox');
  const tile = await browse.tileSource(0, 0, 0, new AbortController().signal);
  expect(tile.points.map(([id]) => id)).toEqual(['a', 'b']);
});

test('between map and list nothing is asked again', async () => {
  const { browse, asked } = browseOver(() => answer([item('a')]));
  browse.refresh();
  await vi.waitFor(() => expect(browse.phase).toBe('ready'));
  browse.open('view=list');
  expect(browse.query.view).toBe('list');
  expect(asked).toHaveLength(1);
  expect(browse.addressOf({ view: 'map' })).toBe('#/');
});

test('pages follow one another', async () => {
  const { browse, asked } = browseOver((_name, question) =>
    question['after'] ? answer([item('b')]) : answer([item('a')], 'cursor'),
  );
  browse.refresh();
  await vi.waitFor(() => expect(browse.hasMore).toBe(true));
  await browse.more();
  expect(browse.items.map((one) => one.id)).toEqual(['a', 'b']);
  expect(asked.at(-1)).toMatchObject({ after: 'cursor' });
  expect(browse.hasMore).toBe(false);
});

test('without network the device answers, map and list', async () => {
  const { browse } = browseOver(() => {
    throw new ProblemError('offline');
  });
  browse.refresh();
  await vi.waitFor(() => expect(browse.phase).toBe('device'));
  expect(browse.items.map((one) => one.id)).toEqual(['kept']);
  const tile = await browse.tileSource(0, 0, 0, new AbortController().signal);
  expect(tile.points).toHaveLength(1);
});

test('another failure is said, and what was in sight stays', async () => {
  let isBroken = false;
  const { browse } = browseOver(() => {
    if (isBroken) throw new ProblemError('server_error');
    return answer([item('a')]);
  });
  browse.refresh();
  await vi.waitFor(() => expect(browse.phase).toBe('ready'));
  isBroken = true;
  browse.refresh();
  await vi.waitFor(() => expect(browse.phase).toBe('failed'));
  expect(browse.problem?.code).toBe('server_error');
  expect(browse.items).toHaveLength(1);
});

test('an answer that comes after a newer question is dropped', async () => {
  const waiting: ((value: unknown) => void)[] = [];
  const { browse } = browseOver(() => new Promise((resolve) => waiting.push(resolve)));
  browse.refresh();
  browse.open('themes=heritage');
  await vi.waitFor(() => expect(waiting).toHaveLength(2));
  waiting[1]?.(answer([item('new')]));
  await vi.waitFor(() => expect(browse.phase).toBe('ready'));
  waiting[0]?.(answer([item('old')]));
  await Promise.resolve();
  expect(browse.items.map((one) => one.id)).toEqual(['new']);
});
