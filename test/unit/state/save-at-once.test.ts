import 'fake-indexeddb/auto';

import { afterEach, expect, test } from 'vitest';

import { photosToFinish } from '../../../src/db/photos.ts';
import { openPrecious } from '../../../src/db/precious.ts';
import type { PreparedPhoto } from '../../../src/device/image-pipeline.ts';
import { problem, ProblemError } from '../../../src/domain/problems.ts';
import { photoFinisher } from '../../../src/state/photo-finisher.ts';
import { photoKeeper, type Prepare } from '../../../src/state/photo-keeper.ts';
import { inTurns } from '../../../src/state/photo-turns.ts';
import { fieldKit, type FieldKit, PHOTO } from '../../support/field-kit.ts';

let kit: FieldKit;
afterEach(() => kit.close());

const PLACE = { lon: 2.55, lat: 43.32 };
const camera = () => new File(['what the camera gave'], 'a.jpg', { type: 'image/jpeg' });

/** A photo that is being made smaller until it is told how that ends. */
function slowly() {
  const ends: { made: (photo: PreparedPhoto) => void; failed: (cause: Error) => void }[] = [];
  const prepare: Prepare = () => new Promise((made, failed) => ends.push({ made, failed }));
  return { prepare, ends };
}

/** A capture whose photos are on the disk, just as they came. */
async function captured(prepare: Prepare, photos = 1) {
  kit = fieldKit(PHOTO, undefined, prepare);
  const editor = await kit.opened(await kit.drafts.start('heritage'));
  editor.name('lavoir');
  editor.place(PLACE, 'map', null);
  void editor.photos.add(Array.from({ length: photos }, camera));
  await expect.poll(() => editor.draft.photo_ids).toHaveLength(photos);
  return editor;
}

/** The app dies, and another is opened on what the disk holds. */
function reborn(prepare: Prepare) {
  const precious = openPrecious(kit.precious.name);
  let woken = 0;
  const finish = photoFinisher({
    precious,
    keeper: inTurns(photoKeeper(precious, prepare)),
    wake: () => (woken += 1),
  });
  return { precious, finish, woken: () => woken };
}

test('a save does not wait for photos that are being made smaller, which then are ready as they were saved', async () => {
  const { prepare, ends } = slowly();
  const editor = await captured(prepare, 2);
  const [first = '', second = ''] = editor.draft.photo_ids;
  await editor.photos.caption(second, 'La date gravée');
  expect(await editor.save()).toBe(true);
  const { precious } = kit;
  expect(await precious.outbox.toArray()).toMatchObject([{ mutation: { expected_photos: 2 } }]);
  expect(await precious.photos.bulkGet([first, second])).toMatchObject([
    { state: 'local', raw: true, rank: 0 },
    { state: 'local', raw: true, rank: 1, caption: 'La date gravée' },
  ]);
  expect(await precious.drafts.count()).toBe(0);
  await expect.poll(() => ends).toHaveLength(1);
  ends[0]?.made(PHOTO);
  await expect.poll(() => ends).toHaveLength(2);
  ends[1]?.made(PHOTO);
  await editor.photos.settled();
  expect(await precious.photos.bulkGet([first, second])).toMatchObject([
    { state: 'local', raw: false, rank: 0, sha256: PHOTO.sha256, size: 8 },
    { state: 'local', raw: false, rank: 1, sha256: PHOTO.sha256, caption: 'La date gravée' },
  ]);
  expect(await photosToFinish(precious, 'me')).toEqual([]);
});

test('a photo that is being written when save is pressed leaves with the point', async () => {
  kit = fieldKit(PHOTO, undefined, slowly().prepare);
  const editor = await kit.opened(await kit.drafts.start('heritage'));
  editor.name('lavoir');
  editor.place(PLACE, 'map', null);
  void editor.photos.add([camera(), camera()]);
  expect(await editor.save()).toBe(true);
  expect(await kit.precious.outbox.toArray()).toMatchObject([{ mutation: { expected_photos: 2 } }]);
  expect(await kit.precious.photos.toArray()).toMatchObject([{ state: 'local' }, { state: 'local' }]);
});

test('the app dies after the save: the next one makes the photo smaller, once, and has it sent', async () => {
  const editor = await captured(slowly().prepare);
  await editor.save();
  let made = 0;
  const { precious, finish, woken } = reborn(() => {
    made += 1;
    return Promise.resolve(PHOTO);
  });
  // Of somebody else of this phone, and of a capture that is not finished: not its work.
  const [row] = await precious.photos.toArray();
  if (!row) throw new Error('no photo');
  await precious.photos.bulkPut([
    { ...row, id: 'theirs', user_id: 'them' },
    { ...row, id: 'unfinished', state: 'draft' },
  ]);
  const ids = await photosToFinish(precious, 'me');
  expect(ids).toEqual([row.id]);
  finish(ids);
  finish(ids);
  await expect.poll(woken).toBe(1);
  expect(made).toBe(1);
  const ready = { state: 'local', raw: false, rank: 0, sha256: PHOTO.sha256, size: 8, attempts: 0 };
  expect(await precious.photos.get(row.id)).toMatchObject(ready);
  expect((await precious.photo_bytes.get(row.id))?.bytes.byteLength).toBe(8);
  precious.close();
});

test('a photo that is ready does not change any more, whoever makes it again', async () => {
  const { prepare, ends } = slowly();
  const editor = await captured(prepare);
  await editor.save();
  const { precious, finish, woken } = reborn(() => Promise.resolve(PHOTO));
  finish(await photosToFinish(precious, 'me'));
  await expect.poll(woken).toBe(1);
  // The first window wakes, with another copy of the same photo: this one may be on its way.
  ends[0]?.made({ ...PHOTO, sha256: 'b'.repeat(64), bytes: new ArrayBuffer(9) });
  await editor.photos.settled();
  expect(await precious.photos.toArray()).toMatchObject([{ sha256: PHOTO.sha256, size: 8 }]);
  expect((await precious.photo_bytes.toArray())[0]?.bytes.byteLength).toBe(8);
  precious.close();
});

test('without room for the smaller copy a saved photo stays as it came, and is tried again at the next start', async () => {
  const { prepare, ends } = slowly();
  const editor = await captured(prepare);
  await editor.save();
  await expect.poll(() => ends).toHaveLength(1);
  ends[0]?.failed(new ProblemError(problem('quota')));
  await editor.photos.settled();
  expect(await kit.precious.photos.toArray()).toMatchObject([{ state: 'local', raw: true, attempts: 0 }]);
  const { precious, finish, woken } = reborn(() => Promise.resolve(PHOTO));
  finish(await photosToFinish(precious, 'me'));
  await expect.poll(woken).toBe(1);
  expect(await precious.photos.toArray()).toMatchObject([{ raw: false }]);
  precious.close();
});

test('one that cannot be decoded keeps its bytes, and says so', async () => {
  const editor = await captured(slowly().prepare);
  await editor.save();
  const bytes = await camera().arrayBuffer();
  const { precious, finish, woken } = reborn(() =>
    Promise.resolve({ ...PHOTO, bytes, thumb: null, isDecoded: false }),
  );
  finish(await photosToFinish(precious, 'me'));
  await expect.poll(woken).toBe(1);
  expect(await precious.photos.toArray()).toMatchObject([{ undecoded: true, raw: false, state: 'local' }]);
  expect((await precious.photo_bytes.toArray())[0]?.bytes.byteLength).toBe(bytes.byteLength);
  precious.close();
});

test('a file that turns out to be no photo after the save stays, and its author is told of it', async () => {
  const { prepare, ends } = slowly();
  const editor = await captured(prepare);
  await editor.save();
  await expect.poll(() => ends).toHaveLength(1);
  ends[0]?.failed(new ProblemError(problem('not_an_image')));
  await editor.photos.settled();
  const [row] = await kit.precious.photos.toArray();
  expect(row).toMatchObject({ state: 'refused', last_problem: { code: 'not_an_image' } });
  expect(await kit.precious.photo_bytes.toArray()).toMatchObject([{ id: row?.id }]);
});

test('a capture taken back while its photo is raw shows it, and makes it ready', async () => {
  const { prepare, ends } = slowly();
  const editor = await captured(prepare);
  await editor.save();
  const [row] = await kit.precious.outbox.toArray();
  const again = await kit.opened(await kit.drafts.reopen(row?.mutation_id ?? ''));
  expect(again.photos.list).toMatchObject([{ isReady: false }]);
  await expect.poll(() => ends).toHaveLength(1);
  ends[0]?.made(PHOTO);
  await again.photos.settled();
  expect(again.photos.list).toMatchObject([{ isReady: true, isUnreadable: false }]);
  expect(await kit.precious.photos.toArray()).toMatchObject([{ state: 'draft', raw: false }]);
});
