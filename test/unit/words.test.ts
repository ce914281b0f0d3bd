import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, expect, test } from 'vitest';

import { PROBLEMS } from '../../src/domain/problems.ts';
import { POINT_STATUSES } from '../../src/domain/point.ts';
import { REASONS } from '../../src/domain/reasons.ts';
import { formatBytes, formatDay, formatDistance, formatPosition, speakDate } from '../../src/i18n/format.ts';
import { importedWords } from '../../src/features/outbox/imported-words.ts';
import { overwriteGetLocale } from '../../src/i18n/generated/runtime.js';
import { problemWords } from '../../src/i18n/problem-words.ts';
import { conditionWords, reasonWords, statusWords } from '../../src/i18n/words.ts';

afterEach(() => overwriteGetLocale(() => 'fr'));

test.each(['fr', 'en'] as const)('every code has its words (%s)', (language) => {
  overwriteGetLocale(() => language);
  const codes = Object.keys(PROBLEMS);
  expect(new Set(codes.map(problemWords)).size).toBe(codes.length);
  expect(new Set(POINT_STATUSES.map(statusWords)).size).toBe(POINT_STATUSES.length);
  expect(new Set(REASONS.map(reasonWords)).size).toBe(REASONS.length);
});

test('a code from a newer server gets words too', () => {
  overwriteGetLocale(() => 'fr');
  expect(problemWords('from_tomorrow')).toMatch(/Réessayez/);
  expect(statusWords('from_tomorrow')).toBe('from_tomorrow');
  expect(conditionWords('from_tomorrow')).toBeNull();
});

test('figures are written as the language writes them', () => {
  overwriteGetLocale(() => 'fr');
  expect(formatDistance(4)).toBe('4\u00a0m');
  expect(formatDistance(623)).toBe('620\u00a0m');
  expect([994, 995, 999.9].map(formatDistance)).toEqual(['990\u00a0m', '1\u00a0km', '1\u00a0km']);
  expect(formatDistance(1_140)).toBe('1,1\u00a0km');
  expect(formatDistance(12_400)).toBe('12\u00a0km');
  expect(formatDay('2026-04-12')).toBe('12 avril 2026');
  expect(formatPosition(2.5512, 43.3215)).toBe('43,32150\u00a0N 2,55120\u00a0E');
  expect(formatPosition(-2.5512, 43.3215)).toContain('2,55120\u00a0O');
  expect(formatBytes(4_130_000)).toBe('4,1\u202fMo');
  overwriteGetLocale(() => 'en');
  expect(formatDistance(1_140)).toBe('1.1\u00a0km');
  expect(formatPosition(-2.5512, 43.3215)).toContain('2.55120\u00a0W');
});

test('the older a date, the less precise its words', () => {
  overwriteGetLocale(() => 'fr');
  const today = new Date('2026-11-22T10:00:00');
  expect(speakDate('2026-04-12', today)).toEqual({ precision: 'day', text: '12 avril' });
  expect(speakDate('2025-08-30', today)).toEqual({ precision: 'month', text: 'août 2025' });
  expect(speakDate('2022-01-01', today)).toEqual({ precision: 'year', text: '2022' });
});

test('no French line begins with a mark that belongs to the word before it', () => {
  const folder = join(import.meta.dirname, '../../src/i18n/messages');
  const loose = readdirSync(folder).flatMap((slice) => {
    const texts = JSON.parse(readFileSync(join(folder, slice, 'fr.json'), 'utf8')) as Record<string, string>;
    return Object.entries(texts).filter(([, text]) => / [:;?!»]|« /.test(text));
  });
  expect(loose).toEqual([]);
});

test('what was taken back is counted as people count', () => {
  const said = (mutations: number, photos: number, drafts: number) =>
    importedWords({ mutations, photos, drafts }).replaceAll('\u00a0', ' ');
  overwriteGetLocale(() => 'fr');
  expect(said(1, 1, 1)).toBe('Repris : 1 contribution, 1 photo, 1 brouillon.');
  expect(said(2, 3, 0)).toBe('Repris : 2 contributions, 3 photos.');
  expect(said(0, 0, 0)).toBe('Tout ce que contient ce fichier est déjà ici.');
  overwriteGetLocale(() => 'en');
  expect(said(1, 0, 2)).toBe('Taken back: 1 contribution, 2 drafts.');
});
