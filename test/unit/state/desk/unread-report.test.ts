import { expect, test } from 'vitest';

import { isUnread, reviewOfPoint } from '../../../../src/domain/review.ts';
import { itemsOf } from '../../../../src/state/desk/device-items.ts';
import { aPoint } from '../../../support/arbitraries.ts';

test('nobody decides on a report that this device knows from its point alone', () => {
  const point = aPoint({ status: 'published', waiting: ['photo', 'gone', 'report'], pending: [] });
  const known = itemsOf(point).map((item) => [item.kind, isUnread(item, reviewOfPoint(point, item))]);
  expect(known).toEqual([
    ['photo', false],
    ['gone', true],
    ['report', true],
  ]);
  const item = itemsOf(point).find(({ kind }) => kind === 'gone') ?? null;
  const told = { id: 'g', kind: 'gone', wants_answer: false, text: 'Démoli' };
  if (item) expect(isUnread(item, { ...reviewOfPoint(point, item), report: told })).toBe(false);
  expect(isUnread(null, reviewOfPoint(point, itemsOf(point)[0] ?? ({} as never)))).toBe(false);
});
