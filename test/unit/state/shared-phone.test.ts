import 'fake-indexeddb/auto';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { saveDraft } from '../../../src/db/drafts.ts';
import { keepPoint } from '../../../src/db/points.ts';
import { editDraft } from '../../../src/domain/draft.ts';
import { aPoint } from '../../support/arbitraries.ts';
import { type FieldKit, fieldKit } from '../../support/field-kit.ts';

const POINT = aPoint({ concept: 'lavoir', attributes: { name: 'Lavoir' } });
const file = new File(['x'], 'a.jpg');
const theirs = {
  ...editDraft({ userId: 'somebody else', formRev: 1 }, POINT, new Date('2026-05-01T10:00:00Z')),
  attributes: { name: 'Lavoir des autres' },
};

let kit: FieldKit;

beforeEach(async () => {
  kit = fieldKit();
  await keepPoint(kit.cache, POINT);
});
afterEach(() => kit.close());

test('an edit that another person has begun is not put over, whatever way mine begins', async () => {
  await saveDraft(kit.precious, theirs);
  await expect(kit.drafts.edit(POINT.id)).rejects.toThrow('foreign_draft');
  const conflict = {
    mutation_id: 'm1',
    field: 'attributes.name',
    base: null,
    mine: 'Four',
    theirs: 'L',
    at: '',
  };
  const open = { point: POINT, conflicts: [conflict], mutationId: 'm1', mineAt: null };
  await expect(kit.drafts.settle(open)).rejects.toThrow('foreign_draft');
  expect(await kit.precious.drafts.toArray()).toEqual([theirs]);
});

test('what waits in the outbox stays there while another person edits the point', async () => {
  const editor = await kit.opened(await kit.drafts.edit(POINT.id));
  editor.answer('name', 'Lavoir du haut');
  await editor.photos.add([file]);
  expect(await editor.save()).toBe(true);
  await saveDraft(kit.precious, theirs);
  const [row] = await kit.precious.outbox.toArray();
  await expect(kit.drafts.reopen(row?.mutation_id ?? '')).rejects.toThrow('foreign_draft');
  expect(await kit.precious.outbox.toArray()).toEqual([row]);
  expect(await kit.precious.photos.toArray()).toMatchObject([{ state: 'local' }]);
  expect(await kit.precious.drafts.toArray()).toEqual([theirs]);
});

test('a capture that waits keeps to the photos and the draft of its author', async () => {
  const capture = await kit.opened(await kit.drafts.start('heritage'));
  capture.name('lavoir');
  capture.place({ lon: 2, lat: 43.5 }, 'map', null);
  await capture.photos.add([file]);
  expect(await capture.save()).toBe(true);
  const { id } = capture.draft;
  const [mine] = await kit.precious.photos.toArray();
  if (!mine) throw new Error('no photo');
  const other = { ...mine, id: 'p2', user_id: 'somebody else', state: 'refused' as const };
  await kit.precious.photos.add(other);
  await saveDraft(kit.precious, { ...theirs, id });
  const [row] = await kit.precious.outbox.toArray();
  const reopen = () => kit.drafts.reopen(row?.mutation_id ?? '');
  await expect(reopen()).rejects.toThrow('foreign_draft');
  expect(await kit.precious.drafts.toArray()).toEqual([{ ...theirs, id }]);
  await kit.precious.drafts.delete(id);
  const again = await kit.opened(await reopen());
  expect(again.draft.photo_ids).toEqual([mine.id]);
  expect(await kit.precious.photos.get('p2')).toEqual(other);
});

test('photos that another person takes of a point do not show in my edit of it', async () => {
  const editor = await kit.opened(await kit.drafts.edit(POINT.id));
  await editor.photos.add([file]);
  await editor.keep();
  const [mine] = await kit.precious.photos.toArray();
  if (!mine) throw new Error('no photo');
  await kit.precious.photos.add({ ...mine, id: 'p2', user_id: 'somebody else' });
  const again = await kit.opened(POINT.id);
  expect(again.draft.photo_ids).toEqual([mine.id]);
  expect(again.photos.list).toHaveLength(1);
});
