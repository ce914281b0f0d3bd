import { type StoredPoint, CELLS, placeIn, type User } from './state.ts';
import { Transaction } from './server.ts';
import type { World } from './world.ts';

const point = (id: string, author: User, status: StoredPoint['status'], cell: number): StoredPoint => ({
  id,
  author,
  status,
  rev: 1,
  v: 1,
  content: {
    concept: null,
    geom: placeIn(cell),
    sensitivity: 'open',
    attributes: { name: 'Lavoir', materials: ['stone'] },
  },
  revisions: [],
  conflicts: [],
  photos: [],
  comments: [],
  origin: id,
});

/** What was there before: published points of both authors, one that waits, somebody to decide. */
export function populate(world: World): void {
  world.server.setScope('mod', CELLS);
  const tx = new Transaction(world.server);
  tx.save(null, point('old-1', 'ann', 'published', 1));
  tx.save(null, point('old-2', 'ben', 'published', 2));
  tx.save(null, point('old-3', 'ann', 'submitted', 2));
  tx.save(null, point('old-4', 'mod', 'published', 1));
  tx.save(null, point('old-5', 'mod', 'submitted', 2));
  tx.commit();
  world.server.backUp();
}
