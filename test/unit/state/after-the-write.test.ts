import 'fake-indexeddb/auto';

import Dexie, { liveQuery, type Table } from 'dexie';
import { expect, test, vi } from 'vitest';

import { afterTheWrite } from '../../../src/state/after-the-write.ts';

class Shelf extends Dexie {
  books!: Table<{ id: number }, number>;
  notes!: Table<{ id: number }, number>;
  constructor() {
    super('shelf');
    this.version(1).stores({ books: 'id', notes: 'id' });
  }
}

test('what is read after an await is followed, from the first reading on, and a write does not wait for it', async () => {
  const shelf = new Shelf();
  const told: number[][] = [];
  let readings = 0;
  const both = async () => {
    readings += 1;
    const books = await shelf.books.toArray();
    const notes = await Promise.all([1].map(async () => (await shelf.notes.toArray()).length));
    return [books.length, ...notes];
  };
  const following = liveQuery(afterTheWrite(both)).subscribe((lengths) => told.push(lengths));
  await vi.waitFor(() => expect(told).toEqual([[0, 0]]));

  for (const id of [1, 2, 3]) {
    const before = readings;
    await shelf.notes.add({ id });
    expect(readings, 'read again before who wrote was answered').toBe(before);
    await vi.waitFor(() => expect(told.at(-1)).toEqual([0, id]));
  }
  await shelf.books.add({ id: 1 });
  await vi.waitFor(() => expect(told.at(-1)).toEqual([1, 3]));
  following.unsubscribe();
  await shelf.delete();
});
