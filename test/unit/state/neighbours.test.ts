import { expect, test } from 'vitest';

import { inOrder } from '../../../src/state/neighbours.ts';
import { aPoint } from '../../support/arbitraries.ts';

const seen = (
  name: string,
  distanceMeters: number,
  last_at: string | null,
  captured_at: string | null = null,
) => ({
  point: aPoint({ attributes: { name }, captured_at, confirmations: { count: 0, last_at } }),
  distanceMeters,
  saidToday: null,
});
const AROUND = [
  seen('this year, far', 300, '2026-04-02T08:00:00Z', '2019-01-01T08:00:00Z'),
  seen('this year, near', 20, '2026-04-02T17:00:00Z'),
  seen('captured long ago', 200, null, '2021-06-01T08:00:00Z'),
  seen('never seen', 400, null),
  seen('two years ago', 100, '2024-09-10T08:00:00Z'),
];
const names = (order: 'nearest' | 'oldest') =>
  inOrder(AROUND, order).map(({ point }) => point.attributes['name']);

test('what is around comes the nearest first', () => {
  expect(names('nearest')).toEqual([
    'this year, near',
    'two years ago',
    'captured long ago',
    'this year, far',
    'never seen',
  ]);
});

test('what nobody has seen again for the longest comes first, the nearest of one day before the others', () => {
  expect(names('oldest')).toEqual([
    'never seen',
    'captured long ago',
    'two years ago',
    'this year, near',
    'this year, far',
  ]);
});
