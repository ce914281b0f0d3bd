import { expect, test } from 'vitest';

import {
  EMPTY_QUERY,
  formatBrowseQuery,
  looksEverywhere,
  parseBrowseQuery,
} from '../../src/domain/browse-query.ts';

test('a query goes to the address and back', () => {
  const query = {
    view: 'list',
    themes: ['heritage', 'lighting'],
    text: 'points d’eau & croix',
    concept: 'lavoir',
    commune: '11081',
    statuses: ['published', 'destroyed'],
  } as const;
  const address = formatBrowseQuery(query);
  expect(address).toContain('themes=heritage,lighting');
  expect(parseBrowseQuery(address)).toEqual(query);
});

test('the plain map has an empty address', () => {
  expect(formatBrowseQuery(EMPTY_QUERY)).toBe('');
  expect(parseBrowseQuery('')).toEqual(EMPTY_QUERY);
});

test('what cannot be read counts as not asked', () => {
  const query = parseBrowseQuery(
    'view=x&themes=,%3Cb%3E,heritage,heritage&commune=2A004&concept=../x&status=draft',
  );
  expect(query).toEqual({ ...EMPTY_QUERY, themes: ['heritage'], commune: '2A004' });
  expect(parseBrowseQuery(`q=${'é'.repeat(5_000)}`).text).toHaveLength(120);
});

test('a text or a commune is looked for everywhere, not only in sight', () => {
  expect(looksEverywhere({ ...EMPTY_QUERY, text: '  ' })).toBe(false);
  expect(looksEverywhere({ ...EMPTY_QUERY, text: 'croix' })).toBe(true);
  expect(looksEverywhere({ ...EMPTY_QUERY, commune: '11081' })).toBe(true);
});
