import 'fake-indexeddb/auto';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { fieldKit, type FieldKit } from '../../support/field-kit.ts';

let kit: FieldKit;

beforeEach(() => {
  kit = fieldKit();
});
afterEach(() => kit.close());

async function light(id: string, lat: number) {
  const editor = await kit.opened(id);
  editor.place({ lon: 2, lat }, 'map', null);
  return editor;
}

test('each point saves itself and begins the next, which inherits it under the next number', async () => {
  const first = await light(await kit.drafts.start('lighting'), 43);
  first.name('lampadaire');
  first.answer('ref', 'EP-0417');
  first.answer('support', 'mast');
  const nextId = (await kit.series.next(first)) ?? '';
  // The app may die here: all of it is on the disk.
  const next = await light(nextId, 43.0003);
  expect(next.draft).toMatchObject({
    concept: 'lampadaire',
    attributes: { ref: 'EP-0418', support: 'mast' },
    series: { steps: [{ lat: 43, lon: 2, title: 'EP-0417' }] },
  });
  await kit.series.next(next);
  const sent = await kit.precious.outbox.toArray();
  expect(sent.map(({ mutation }) => mutation.kind === 'create' && mutation.patch['attributes.ref'])).toEqual([
    'EP-0417',
    'EP-0418',
  ]);
});

test('a point that cannot be saved begins no other', async () => {
  const editor = await kit.opened(await kit.drafts.start('lighting'));
  expect(await kit.series.next(editor)).toBeNull();
  expect(await kit.precious.drafts.count()).toBe(1);
});

test('the last one is taken back with its photos, and its number goes to the one being captured', async () => {
  const first = await light(await kit.drafts.start('lighting'), 43);
  first.name('lampadaire');
  first.answer('ref', '7');
  await first.photos.add([new File(['x'], 'a.jpg')]);
  const next = await light((await kit.series.next(first)) ?? '', 43.0003);
  expect(await kit.series.undoLast(next)).toBe('deleted');
  expect([await kit.precious.outbox.count(), await kit.precious.photos.count()]).toEqual([0, 0]);
  expect(next.draft).toMatchObject({ attributes: { ref: '7' }, series: { steps: [] } });
  expect(await kit.series.undoLast(next)).toBeNull();
});

test('once it has left, its withdrawal follows it', async () => {
  const first = await light(await kit.drafts.start('lighting'), 43);
  first.name('lampadaire');
  const next = await light((await kit.series.next(first)) ?? '', 43.0003);
  await kit.precious.outbox.clear();
  expect(await kit.series.undoLast(next)).toBe('withdrawn');
  expect(await kit.precious.outbox.toArray()).toMatchObject([
    { kind: 'withdraw', point_id: first.draft.id, state: 'queued' },
  ]);
});

test('stopping drops the point that nobody touched, and keeps one with something in it', async () => {
  const first = await light(await kit.drafts.start('lighting'), 43);
  first.name('lampadaire');
  const secondId = (await kit.series.next(first)) ?? '';
  await kit.series.stop(await kit.opened(secondId));
  expect(await kit.precious.drafts.count()).toBe(0);

  const again = await light(await kit.drafts.start('lighting'), 43);
  again.name('lampadaire');
  const touched = await kit.opened((await kit.series.next(again)) ?? '');
  await touched.photos.add([new File(['x'], 'a.jpg')]);
  await kit.series.stop(touched);
  expect(await kit.precious.drafts.count()).toBe(1);
});
