import 'fake-indexeddb/auto';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { readContents } from '../../../src/state/outbox-contents.ts';
import { countUnsent } from '../../../src/state/unsent.ts';
import { fieldKit, type FieldKit } from '../../support/field-kit.ts';

let kit: FieldKit;
let read: string[];

beforeEach(() => {
  kit = fieldKit();
  read = [];
  kit.precious.photo_bytes.hook('reading', (row) => {
    read.push(row.id);
    return row;
  });
});
afterEach(() => kit.close());

test('lists of drafts, of what waits and of what arrived never load the bytes of a photo', async () => {
  const begun = await kit.opened(await kit.drafts.start('heritage'));
  await begun.photos.add([new File(['x'], 'a.jpg')]);
  await kit.drafts.leave(begun);
  const saved = await kit.opened(await kit.drafts.start('heritage'));
  saved.place({ lon: 2.5, lat: 43.3 }, 'map', null);
  await saved.photos.add([new File(['x'], 'b.jpg')]);
  saved.name('lavoir');
  expect(await saved.save()).toBe(true);
  expect(read).not.toEqual([]);
  read = [];

  const { photos } = await readContents(kit.precious, kit.cache, 'me');
  expect(photos).toHaveLength(1);
  expect(await countUnsent(kit.precious, 'me')).toMatchObject({ waiting: 1 });
  for (const draft of await kit.precious.drafts.toArray())
    expect(await kit.drafts.thumbnail(draft)).not.toBeNull();
  const again = await kit.opened(begun.draft.id);
  expect(again.photos.list).toHaveLength(1);
  again.close();
  expect(read).toEqual([]);
});
