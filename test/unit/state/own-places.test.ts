import { expect, test } from 'vitest';

import type { OutboxRow } from '../../../src/db/rows.ts';
import { ownPlacesOf } from '../../../src/state/own-places.ts';
import { aPoint } from '../../support/arbitraries.ts';

const created = (id: string) => ({ point_id: id, kind: 'create' }) as OutboxRow;
const placesOf = (points: ReturnType<typeof aPoint>[], rows: OutboxRow[] = []) =>
  ownPlacesOf({ rows, points: new Map(points.map((point) => [point.id, point])) }).map(({ id, state }) => [
    id,
    state,
  ]);

test('the map shows what waits on this phone, and what waits for a moderator', () => {
  const unsent = aPoint({ id: 'unsent', mine: true, status: 'submitted' });
  const pending = aPoint({ id: 'pending', mine: true, status: 'submitted' });
  expect(placesOf([unsent, pending], [created('unsent')])).toEqual([
    ['unsent', 'unsent'],
    ['pending', 'pending'],
  ]);
});

test('neither what is public nor what a moderator reads of others is drawn twice', () => {
  const published = aPoint({ id: 'published', mine: true, status: 'published' });
  const others = aPoint({ id: 'others', mine: false, status: 'submitted' });
  expect(placesOf([published, others])).toEqual([]);
});
