import 'fake-indexeddb/auto';

import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { LocationState } from '../../../src/state/location.svelte.ts';
import { type FieldKit, fieldKit } from '../../support/field-kit.ts';

let kit: FieldKit;
beforeEach(() => {
  kit = fieldKit();
});
afterEach(() => {
  kit.close();
  vi.restoreAllMocks();
});

test('a capture taken up again elsewhere stays where it was seen; one just begun looks for its place', async () => {
  const search = vi.spyOn(LocationState.prototype, 'search');
  const id = await kit.drafts.start('heritage');
  const editor = await kit.opened(id);
  editor.beginToLocate();
  expect(search).toHaveBeenCalledTimes(1);
  editor.place({ lon: 2.1, lat: 43.5 }, 'gps', 4);
  await editor.keep();
  const again = await kit.opened(id);
  again.beginToLocate();
  expect(search).toHaveBeenCalledTimes(1);
  expect(again.draft.geom).toMatchObject({ lon: 2.1, lat: 43.5 });
});

test('a capture begun a while ago looks for its place only when asked: the phone may be at home', async () => {
  const search = vi.spyOn(LocationState.prototype, 'search');
  const id = await kit.drafts.start('heritage');
  for (const created_at of ['2026-05-02T09:50:00Z', '2026-05-02T10:10:00Z']) {
    await kit.precious.drafts.update(id, { created_at });
    const editor = await kit.opened(id);
    editor.beginToLocate();
    expect(search).not.toHaveBeenCalled();
  }
  (await kit.opened(id)).locate();
  expect(search).toHaveBeenCalledTimes(1);
});

test('a capture is saved once, however often it is pressed', async () => {
  const editor = await kit.opened(await kit.drafts.start('heritage'));
  editor.name('lavoir');
  editor.place({ lon: 2.1, lat: 43.5 }, 'map', null);
  const pressed = await Promise.all([editor.save(), editor.save()]);
  expect([...pressed, await editor.save()]).toEqual([true, false, false]);
  expect(await kit.precious.outbox.count()).toBe(1);
});
