import 'fake-indexeddb/auto';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { aPoint } from '../../support/arbitraries.ts';
import { fieldKit, type FieldKit } from '../../support/field-kit.ts';

const POINT = aPoint({ status: 'published', mine: false, concept: 'lavoir', attributes: { name: 'Lavoir' } });
let kit: FieldKit;

beforeEach(() => {
  kit = fieldKit();
});
afterEach(() => kit.close());

test('a state and a photo leave as one confirmation that never touches the sheet', async () => {
  const id = await kit.drafts.observe(POINT);
  const editor = await kit.opened(id);
  editor.observe({ condition: 'fair' });
  await editor.photos.add([new File(['x'], 'a.jpg')]);
  // The app dies, and what was begun opens again: there is one visit at a time.
  expect(await kit.drafts.observe(POINT)).toBe(id);
  const again = await kit.opened(id);
  expect(again.photos.list).toHaveLength(1);
  expect(await again.save()).toBe(true);
  const [row] = await kit.precious.outbox.toArray();
  expect(row?.mutation).toMatchObject({
    kind: 'confirm',
    point_id: POINT.id,
    found: true,
    condition: 'fair',
    expected_photos: 1,
  });
  expect(row?.mutation).not.toHaveProperty('patch');
  expect(await kit.precious.photos.toArray()).toMatchObject([{ point_id: POINT.id, state: 'local' }]);
  expect(await kit.precious.drafts.count()).toBe(0);
});

test('"gone" is not said without showing the place', async () => {
  const editor = await kit.opened(await kit.drafts.observe(POINT));
  editor.observe({ condition: 'good', found: false });
  expect(await editor.save()).toBe(false);
  expect(editor.faults).toEqual([{ path: 'photos', fault: 'photo_missing' }]);
  await editor.photos.add([new File(['x'], 'a.jpg')]);
  expect(await editor.save()).toBe(true);
  const [row] = await kit.precious.outbox.toArray();
  expect(row?.mutation).toMatchObject({ kind: 'confirm', found: false });
  expect(row?.mutation).not.toHaveProperty('condition');
});

test('left without a word, it leaves no draft behind', async () => {
  await kit.drafts.leave(await kit.opened(await kit.drafts.observe(POINT)));
  expect(await kit.precious.drafts.count()).toBe(0);
});
