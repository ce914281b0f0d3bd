import { expect, test } from 'vitest';

import { EMPTY_QUERY } from '../../src/domain/browse-query.ts';
import { boxOf, searchLocally } from '../../src/domain/local-search.ts';
import { pointSchema } from '../../src/domain/point.ts';

const point = (id: string, lon: number, lat: number, more: Record<string, unknown> = {}) =>
  pointSchema.parse({
    id,
    rev: 1,
    v: 1,
    theme: 'heritage',
    status: 'published',
    concept: 'lavoir',
    geom: { lon, lat, source: 'gps' },
    attributes: { name: id },
    updated_at: '2026-05-02',
    ...more,
  });

const words = {
  textOf: (one: { attributes: Record<string, unknown> }) => String(one.attributes['name']),
  conceptsUnder: (concept: string) => new Set([concept, ...(concept === 'eau' ? ['lavoir'] : [])]),
};
const ids = (points: readonly { id: string }[]) => points.map((one) => one.id);

const POINTS = [
  point('Lavoir de la Fontaine', 2.5, 43.3),
  point('Église', 2.6, 43.3, { concept: 'chapelle', updated_at: '2026-06-01' }),
  point('Borne', 3.9, 43.6, { theme: 'lighting', concept: null }),
  point('Ruine', 2.5, 43.3, { status: 'destroyed' }),
  point('Brouillon', 2.5, 43.3, { status: 'draft' }),
  point('Caché', 2.5, 43.3, { sensitivity: 'hidden' }),
];

test('only what is public and asked for answers', () => {
  const all = searchLocally(POINTS, EMPTY_QUERY, words);
  expect(ids(all)).toEqual(['Église', 'Lavoir de la Fontaine', 'Borne']);
  const gone = searchLocally(POINTS, { ...EMPTY_QUERY, statuses: ['destroyed'] }, words);
  expect(ids(gone)).toEqual(['Ruine']);
});

test('words are folded, and all of them are needed', () => {
  const find = (text: string) => ids(searchLocally(POINTS, { ...EMPTY_QUERY, text }, words));
  expect(find('EGLISE')).toEqual(['Église']);
  expect(find('fontaine lavoir')).toEqual(['Lavoir de la Fontaine']);
  expect(find('lavoir borne')).toEqual([]);
});

test('a concept covers its narrower ones, a theme its own points, a box what it holds', () => {
  expect(ids(searchLocally(POINTS, { ...EMPTY_QUERY, concept: 'eau' }, words))).toHaveLength(1);
  expect(ids(searchLocally(POINTS, { ...EMPTY_QUERY, themes: ['lighting'] }, words))).toEqual(['Borne']);
  const bounds = [2.55, 43, 2.7, 44] as const;
  expect(ids(searchLocally(POINTS, EMPTY_QUERY, words, { bounds }))).toEqual(['Église']);
});

test('the nearest come first where the person stands is known', () => {
  const near = { lon: 3.9, lat: 43.6 };
  expect(ids(searchLocally(POINTS, EMPTY_QUERY, words, { near }))[0]).toBe('Borne');
});

test('the box of an answer holds it', () => {
  expect(boxOf([])).toBeNull();
  expect(boxOf(POINTS.map((one) => one.geom))).toEqual([2.5, 43.3, 3.9, 43.6]);
});
