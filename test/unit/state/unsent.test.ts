import 'fake-indexeddb/auto';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { countUnsent, isWorrying } from '../../../src/state/unsent.ts';
import { fieldKit, type FieldKit, PHOTO } from '../../support/field-kit.ts';

let kit: FieldKit;

beforeEach(() => {
  kit = fieldKit({ ...PHOTO, takenAt: '2019-07-14T09:00:00.000Z' });
});
afterEach(() => kit.close());

const oldest = async () => (await countUnsent(kit.precious, 'me')).oldestSavedAt;

test('photos that outlive their contribution count as waiting, since they were taken here', async () => {
  const editor = await kit.opened(await kit.drafts.start('heritage'));
  editor.name('lavoir');
  editor.place({ lon: 2, lat: 43.5 }, 'map', null);
  await editor.photos.add([new File(['x'], 'a.jpg')]);
  expect(await oldest()).toBeNull();
  expect(await editor.save()).toBe(true);
  // With its contribution, it waits since that was saved.
  expect(await oldest()).toBe('2026-05-02T10:00:00.000Z');
  await kit.precious.outbox.clear();
  // Of the gallery: it did not wait for seven years.
  expect(await oldest()).toBe('2026-05-02T00:00:00.000Z');
  await kit.precious.photos
    .toCollection()
    .modify({ state: 'uploading', taken_at: '2026-05-02T09:00:00.000Z' });
  expect(await oldest()).toBe('2026-05-02T09:00:00.000Z');
  await kit.precious.photos.toCollection().modify({ state: 'stored' });
  expect(await oldest()).toBeNull();
});

test('what waits is worrying from its second day on', () => {
  const saved = '2026-05-02T10:00:00.000Z';
  expect(isWorrying(null, new Date(saved))).toBe(false);
  expect(isWorrying(saved, new Date('2026-05-03T09:59:59.000Z'))).toBe(false);
  expect(isWorrying(saved, new Date('2026-05-03T10:00:00.000Z'))).toBe(true);
});
