import 'fake-indexeddb/auto';

import Dexie from 'dexie';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { type FieldKit, fieldKit } from '../../support/field-kit.ts';

let kit: FieldKit;

beforeEach(() => {
  kit = fieldKit();
});
afterEach(() => kit.close());

test('a number that is none stays as it was typed, kill or not, and is told', async () => {
  const id = await kit.drafts.start('heritage');
  const editor = await kit.opened(id);
  editor.name('lavoir');
  editor.place({ lon: 2, lat: 43.5 }, 'map', null);
  editor.answer('height_m', 'environ 3 m');
  await editor.keep();
  const again = await kit.opened(id);
  expect(again.draft.attributes).toEqual({ height_m: 'environ 3 m' });
  expect(await again.save()).toBe(false);
  expect(again.faults).toEqual([{ path: 'attributes.height_m', fault: 'not_a_number' }]);
  again.answer('height_m', 3);
  expect(await again.save()).toBe(true);
});

test('a term that the thesaurus does not have is told', async () => {
  const editor = await kit.opened(await kit.drafts.start('heritage'));
  editor.name('lavoir');
  editor.place({ lon: 2, lat: 43.5 }, 'map', null);
  editor.answer('stone', 'kryptonite');
  expect(await editor.save()).toBe(false);
  expect(editor.faults).toEqual([{ path: 'attributes.stone', fault: 'unknown_option' }]);
  editor.answer('stone', 'calcaire');
  expect(await editor.save()).toBe(true);
});

test('changes made while it leaves bring nothing back', async () => {
  const id = await kit.drafts.start('heritage');
  const editor = await kit.opened(id);
  editor.name('lavoir');
  editor.place({ lon: 2, lat: 43.5 }, 'map', null);
  // The page goes out of sight just while it is being saved.
  kit.precious.outbox.hook('creating', () => {
    editor.answer('name', 'Lavoir');
    void Dexie.ignoreTransaction(() => editor.keep());
  });
  expect(await editor.save()).toBe(true);
  await editor.keep();
  expect(await kit.precious.drafts.count()).toBe(0);
});
