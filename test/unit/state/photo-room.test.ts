import 'fake-indexeddb/auto';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { keepPoint } from '../../../src/db/points.ts';
import { aPoint } from '../../support/arbitraries.ts';
import { fieldKit, type FieldKit } from '../../support/field-kit.ts';

// The server takes so many photos of one person for one point, and refuses the rest: told when they are taken.

let kit: FieldKit;

beforeEach(() => {
  kit = fieldKit();
});
afterEach(() => kit.close());

const files = (count: number) => Array.from({ length: count }, () => new File(['x'], 'a.jpg'));
const sent = (mine: boolean) => (_: unknown, n: number) => ({
  ...{ id: `018f0000-0000-7000-8000-00000000${mine ? 'a' : 'b'}${100 + n}`, state: 'stored', mine },
  ...{ width: 8, height: 6 },
});

async function editOf(mine: number, others: number) {
  const photos = [
    ...Array.from({ length: mine }, sent(true)),
    ...Array.from({ length: others }, sent(false)),
  ];
  const point = aPoint({ theme: 'heritage', concept: 'croix', status: 'published', pending: [], photos });
  await keepPoint(kit.cache, point);
  return kit.opened(await kit.drafts.edit(point.id));
}

test('photos that one has given to a point count, those of others do not', async () => {
  const edit = await editOf(8, 5);
  await edit.photos.add(files(5));
  expect(edit.draft.photo_ids).toHaveLength(edit.photos.maximum - 8);
  expect([edit.photos.problem?.code, edit.photos.leftOut]).toEqual(['too_many', 3]);
});

test('so do those that wait to leave', async () => {
  const capture = await kit.opened(await kit.drafts.start('heritage'));
  capture.name('lavoir');
  capture.place({ lon: 2, lat: 43 }, 'map', null);
  await capture.photos.add(files(9));
  await capture.save();
  const edit = await kit.opened(await kit.drafts.edit(capture.draft.id));
  await edit.photos.add(files(2));
  expect(edit.draft.photo_ids).toHaveLength(edit.photos.maximum - 9);
});

test('and those that are still being written', async () => {
  const capture = await kit.opened(await kit.drafts.start('heritage'));
  await Promise.all([capture.photos.add(files(6)), capture.photos.add(files(6))]);
  expect(capture.draft.photo_ids).toHaveLength(capture.photos.maximum);
  expect(capture.photos.leftOut).toBe(12 - capture.photos.maximum);
});

test('a capture that turns out to be of a point which has all its photos says so', async () => {
  const known = await editOf(10, 0);
  known.close();
  const capture = await kit.opened(await kit.drafts.start('heritage'));
  capture.place({ lon: 2, lat: 43 }, 'map', null);
  await capture.photos.add(files(1));
  await kit.drafts.editInstead(capture, known.draft.id);
  const edit = await kit.opened(known.draft.id);
  expect(edit.photos.problem?.code).toBe('too_many');
});
