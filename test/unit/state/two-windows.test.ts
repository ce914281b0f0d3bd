import 'fake-indexeddb/auto';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { keepPoint } from '../../../src/db/points.ts';
import { newDraft } from '../../../src/domain/draft.ts';
import { mergeDrafts } from '../../../src/domain/draft-merge.ts';
import type { DraftEditor } from '../../../src/state/draft-editor.svelte.ts';
import { aPoint } from '../../support/arbitraries.ts';
import { fieldKit, type FieldKit } from '../../support/field-kit.ts';

let kit: FieldKit;

beforeEach(() => {
  kit = fieldKit();
});
afterEach(() => kit.close());

/** One capture, open in two windows of the same phone. */
async function twoWindows() {
  const id = await kit.drafts.start('heritage');
  return [await kit.opened(id), await kit.opened(id)] as const;
}

const photo = () => new File(['x'], 'a.jpg');

test('what each window writes stays, and the other shows it when one turns to it', async () => {
  const [one, other] = await twoWindows();
  one.name('lavoir');
  one.answer('name', 'Lavoir');
  await one.photos.add([photo()]);
  await one.keep();
  other.place({ lon: 2, lat: 43 }, 'map', null);
  other.answer('condition', 'ruin');
  await other.photos.add([photo()]);
  await other.keep();
  await one.catchUp();
  const [draft] = await kit.precious.drafts.toArray();
  expect(draft).toMatchObject({
    concept: 'lavoir',
    attributes: { name: 'Lavoir', condition: 'ruin' },
    geom: { lon: 2 },
  });
  expect(draft?.photo_ids).toHaveLength(2);
  for (const editor of [one, other]) {
    expect(editor.draft).toEqual(draft);
    expect(editor.keeping).toBe('kept');
    expect(editor.photos.list.map(({ id, isReady }) => [id, isReady])).toEqual(
      draft?.photo_ids.map((photoId) => [photoId, true]),
    );
  }
});

test('a photo deleted, an answer taken back in one window do not come back from the other', async () => {
  const [one, other] = await twoWindows();
  one.answer('name', 'Lavoir');
  await one.photos.add([photo()]);
  await one.keep();
  await other.catchUp();
  one.answer('name', null);
  await one.photos.delete(one.draft.photo_ids[0] ?? '');
  await one.keep();
  other.answer('condition', 'ruin');
  await other.keep();
  expect(await kit.precious.drafts.toArray()).toMatchObject([
    { attributes: { condition: 'ruin' }, photo_ids: [] },
  ]);
  expect(other.photos.list).toEqual([]);
});

test('a capture saved in one window leaves with what the other had written', async () => {
  const [one, other] = await twoWindows();
  one.name('lavoir');
  one.place({ lon: 2, lat: 43 }, 'map', null);
  await one.keep();
  other.answer('name', 'Lavoir');
  await other.photos.add([photo()]);
  await other.keep();
  expect(await one.save()).toBe(true);
  const { outbox, photos, drafts } = kit.precious;
  expect(await outbox.toArray()).toMatchObject([
    { mutation: { patch: { concept: 'lavoir', 'attributes.name': 'Lavoir' }, expected_photos: 1 } },
  ]);
  expect([(await photos.toArray()).map((row) => row.state), await drafts.count()]).toEqual([['local'], 0]);
});

test('once saved in one window, the other says so, and neither writes nor saves it again', async () => {
  for (const act of ['write', 'save', 'turn to it'] as const) {
    const [one, other] = await twoWindows();
    one.name('lavoir');
    one.place({ lon: 2, lat: 43 }, 'map', null);
    await one.keep();
    await other.catchUp();
    expect(await one.save()).toBe(true);
    if (act === 'write') other.answer('name', 'Lavoir');
    if (act === 'write') await other.keep();
    if (act === 'save') expect(await other.save()).toBe(false);
    if (act === 'turn to it') await other.catchUp();
    expect([other.isFinishedElsewhere, other.keeping]).toEqual([true, 'failed']);
    expect([await kit.precious.outbox.count(), await kit.precious.drafts.count()]).toEqual([1, 0]);
    await kit.precious.outbox.clear();
  }
});

test('pressed in both at once, it leaves once', async () => {
  const [one, other] = await twoWindows();
  one.name('lavoir');
  one.place({ lon: 2, lat: 43 }, 'map', null);
  await one.keep();
  await other.catchUp();
  const saved = await Promise.all([one.save(), other.save()]);
  expect(saved.filter(Boolean)).toHaveLength(1);
  expect([await kit.precious.outbox.count(), await kit.precious.drafts.count()]).toEqual([1, 0]);
});

test('a window left empty takes nothing from the other, and what was thrown away is gone on with', async () => {
  const [one, other] = await twoWindows();
  one.name('lavoir');
  await one.keep();
  await kit.drafts.leave(other);
  expect(await kit.precious.drafts.count()).toBe(1);

  const [begun, left] = await twoWindows();
  await kit.drafts.leave(left);
  begun.answer('name', 'Lavoir');
  await begun.keep();
  expect(await kit.precious.drafts.get(begun.draft.id)).toMatchObject({ attributes: { name: 'Lavoir' } });
});

test('an edit sent from one window is not sent again from the other', async () => {
  const point = aPoint({ status: 'published', mine: false, concept: 'lavoir', attributes: { name: 'A' } });
  await keepPoint(kit.cache, point);
  const id = await kit.drafts.edit(point.id);
  const [one, other] = [await kit.opened(id), await kit.opened(id)];
  one.answer('name', 'B');
  expect(await one.save()).toBe(true);
  other.answer('name', 'C');
  await other.keep();
  expect(other.isFinishedElsewhere).toBe(true);
  expect([await kit.precious.outbox.count(), await kit.precious.drafts.count()]).toEqual([1, 0]);
});

test('merging with a side that changed nothing gives the other side', () => {
  const before = {
    ...newDraft(
      { pointId: 'p', userId: 'me', theme: 'heritage', formRev: 1 },
      new Date('2026-05-02T10:00:00Z'),
    ),
    photo_ids: ['a', 'b'],
    attributes: { name: 'A', condition: 'good' },
  };
  const after = {
    ...before,
    concept: 'four',
    photo_ids: ['b', 'c', 'a'],
    attributes: { condition: 'ruin' },
    updated_at: '2026-05-02T11:00:00Z',
  };
  expect(mergeDrafts(before, after, before)).toEqual(after);
  expect(mergeDrafts(before, before, after)).toEqual(after);
});

for (const [said, instead] of [
  ['completed', (editor: DraftEditor, id: string) => kit.drafts.editInstead(editor, id)],
  ['seen again', (editor: DraftEditor, id: string) => kit.drafts.confirmInstead(editor, id)],
] as const) {
  test(`a capture of a known point that is ${said} in one window is not captured by the other`, async () => {
    const [one, other] = await twoWindows();
    const known = aPoint({ theme: 'heritage', concept: 'croix', status: 'published', mine: false });
    await keepPoint(kit.cache, known);
    await instead(one, known.id);
    other.answer('name', 'Lavoir');
    await other.keep();
    expect(other.isFinishedElsewhere).toBe(true);
    expect(await kit.precious.drafts.get(other.draft.id)).toBeUndefined();
  });
}
