import 'fake-indexeddb/auto';

import { expect, test } from 'vitest';

import { fieldKit, PHOTO } from '../../support/field-kit.ts';

test('where a photo was taken is proposed through a reload, until its author made up their mind', async () => {
  const position = { lon: 2.61, lat: 43.33, accuracyMeters: 12 };
  const kit = fieldKit({ ...PHOTO, position });
  const file = new File(['x'], 'a.jpg');
  const id = await kit.drafts.start('heritage');
  const editor = await kit.opened(id);
  await editor.photos.add([file]);
  expect(editor.photos.position).toEqual(position);

  const again = await kit.opened(id);
  expect(again.photos.position).toEqual(position);
  await again.photos.ignorePosition();
  expect(again.photos.position).toBeNull();
  expect((await kit.opened(id)).photos.position, 'the answer survives a reload too').toBeNull();

  await again.photos.add([file]);
  expect(again.photos.position).toEqual(position);
  const [, last] = again.photos.list;
  await again.photos.delete(last?.id ?? '');
  expect(again.photos.position, 'it goes with the photo that said it').toBeNull();
  kit.close();
});
