import { expect, test } from 'vitest';

import { readNumber, writeNumber } from '../../src/ui/read-number.ts';

test.each<[string, number | string | null]>([
  ['', null],
  ['  ', null],
  ['12', 12],
  ['2,5', 2.5],
  ['2.5', 2.5],
  ['2,', 2],
  [',5', 0.5],
  ['1 200', 1200],
  ['1\u202f200,5', 1200.5],
  ['−3', -3],
  ['environ 3', 'environ 3'],
  ['3 m', '3 m'],
  ['1,2,3', '1,2,3'],
  ['1e5', '1e5'],
  ['0x10', '0x10'],
  ['Infinity', 'Infinity'],
  ['-', '-'],
])('"%s" is read as %j', (text, value) => {
  expect(readNumber(text)).toBe(value);
});

test('what was read is shown again: a number with its comma, a text as it was typed', () => {
  expect(['2,5', '1 200', 'environ 3', ''].map((text) => writeNumber(readNumber(text)))).toEqual([
    '2,5',
    '1200',
    'environ 3',
    '',
  ]);
});
