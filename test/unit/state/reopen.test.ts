import 'fake-indexeddb/auto';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { keepPoint } from '../../../src/db/points.ts';
import { aPoint } from '../../support/arbitraries.ts';
import { type FieldKit, fieldKit } from '../../support/field-kit.ts';

const POINT = aPoint({ concept: 'lavoir', attributes: { name: 'Lavoir', condition: 'good' } });

let kit: FieldKit;

beforeEach(() => {
  kit = fieldKit();
});
afterEach(() => kit.close());

/** What waits, and under which id the first of it is. */
async function waiting() {
  const rows = await kit.precious.outbox.toArray();
  return { mutations: rows.map((row) => row.mutation), id: rows[0]?.mutation_id ?? '' };
}

async function edited(key: string, value: string): Promise<void> {
  const editor = await kit.opened(await kit.drafts.edit(POINT.id));
  editor.answer(key, value);
  expect(await editor.save()).toBe(true);
}

describe('an edit that waits, opened again', () => {
  beforeEach(() => keepPoint(kit.cache, POINT));

  test('and saved as it was says the same', async () => {
    await edited('name', 'Lavoir du haut');
    const before = await waiting();
    const again = await kit.opened(await kit.drafts.reopen(before.id));
    expect(again.draft.attributes['name']).toBe('Lavoir du haut');
    expect(await kit.precious.outbox.count()).toBe(0);
    expect(await again.save()).toBe(true);
    expect((await waiting()).mutations).toMatchObject([
      { base: { 'attributes.name': 'Lavoir' }, patch: { 'attributes.name': 'Lavoir du haut' } },
    ]);
  });

  test('brings its photos back into the form, before those taken since', async () => {
    const editor = await kit.opened(await kit.drafts.edit(POINT.id));
    editor.answer('name', 'Lavoir du haut');
    await editor.photos.add([new File(['x'], 'a.jpg')]);
    expect(await editor.save()).toBe(true);
    const since = await kit.opened(await kit.drafts.edit(POINT.id));
    await since.photos.add([new File(['x'], 'b.jpg')]);
    await since.keep();
    const again = await kit.opened(await kit.drafts.reopen((await waiting()).id));
    expect(again.draft.photo_ids).toEqual([...editor.draft.photo_ids, ...since.draft.photo_ids]);
    expect(again.photos.list).toHaveLength(2);
    expect(await again.save()).toBe(true);
    expect((await kit.precious.photos.toArray()).map((photo) => photo.state)).toEqual(['local', 'local']);
  });

  test('keeps what was begun over it meanwhile', async () => {
    await edited('name', 'Lavoir du haut');
    const begun = await kit.opened(await kit.drafts.edit(POINT.id));
    begun.answer('name', 'Lavoir du bas');
    begun.answer('condition', 'ruin');
    await begun.keep();
    const again = await kit.opened(await kit.drafts.reopen((await waiting()).id));
    expect(again.draft.attributes).toMatchObject({ name: 'Lavoir du bas', condition: 'ruin' });
    expect(await again.save()).toBe(true);
    expect((await waiting()).mutations).toMatchObject([
      {
        base: { 'attributes.name': 'Lavoir', 'attributes.condition': 'good' },
        patch: { 'attributes.name': 'Lavoir du bas', 'attributes.condition': 'ruin' },
      },
    ]);
  });
});

test('a capture that waits, opened again, keeps what was begun over it meanwhile', async () => {
  const capture = await kit.opened(await kit.drafts.start('heritage'));
  capture.name('lavoir');
  capture.place({ lon: 2, lat: 43.5 }, 'map', null);
  capture.answer('name', 'Lavoir');
  expect(await capture.save()).toBe(true);
  const begun = await kit.opened(await kit.drafts.edit(capture.draft.id));
  begun.answer('name', 'Lavoir du bas');
  await begun.keep();
  const again = await kit.opened(await kit.drafts.reopen((await waiting()).id));
  expect(again.draft).toMatchObject({ seen: null, concept: 'lavoir', attributes: { name: 'Lavoir du bas' } });
  expect(await again.save()).toBe(true);
  expect((await waiting()).mutations).toMatchObject([
    { kind: 'create', patch: { 'attributes.name': 'Lavoir du bas' } },
  ]);
});

test('a capture bears the day on which it was begun, saved later, and again when it is mended', async () => {
  const created_at = '2026-05-01T16:30:00.000Z';
  const id = await kit.drafts.start('heritage');
  await kit.precious.drafts.update(id, { created_at });
  const capture = await kit.opened(id);
  capture.name('lavoir');
  capture.place({ lon: 2, lat: 43.5 }, 'map', null);
  expect(await capture.save()).toBe(true);
  expect((await waiting()).mutations).toMatchObject([{ kind: 'create', captured_at: created_at }]);
  const again = await kit.opened(await kit.drafts.reopen((await waiting()).id));
  again.answer('name', 'Lavoir');
  expect(await again.save()).toBe(true);
  expect((await waiting()).mutations).toMatchObject([{ kind: 'create', captured_at: created_at }]);
});

test('a conflict being settled by hand keeps what was typed when it is opened once more', async () => {
  await keepPoint(kit.cache, POINT);
  const conflict = {
    mutation_id: 'm1',
    field: 'attributes.name',
    base: null,
    mine: 'Four',
    theirs: 'Lavoir',
    at: '2026-05-02',
  };
  const open = { point: POINT, conflicts: [conflict], mutationId: 'm1', mineAt: null };
  const first = await kit.opened(await kit.drafts.settle(open));
  expect(first.draft).toMatchObject({ attributes: { name: 'Four' }, resolves: ['m1'] });
  first.answer('name', 'Four et lavoir');
  await first.keep();
  const again = await kit.opened(await kit.drafts.settle(open));
  expect(again.draft.attributes).toMatchObject({ name: 'Four et lavoir' });
});
