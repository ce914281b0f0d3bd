import 'fake-indexeddb/auto';

import { expect, it } from 'vitest';

import { captionPhoto, deletePhoto } from '../../../src/db/photos.ts';
import { openPrecious } from '../../../src/db/precious.ts';
import { newDraft } from '../../../src/domain/draft.ts';
import { ProblemError } from '../../../src/domain/problems.ts';
import type { PreparedPhoto } from '../../../src/device/image-pipeline.ts';
import { photoKeeper } from '../../../src/state/photo-keeper.ts';
import { rawRow } from '../../../src/state/photo-rows.ts';

const now = new Date('2026-05-02T10:00:00Z');
const draft = newDraft({ userId: 'me', formRev: 1, pointId: 'p1', theme: 'heritage' }, now);
const file = new Blob(['what the camera gave'], { type: 'image/jpeg' });
const made = (isDecoded: boolean): PreparedPhoto => ({
  bytes: new ArrayBuffer(3),
  thumb: null,
  sha256: 'ab',
  mime: 'image/jpeg',
  width: 2,
  height: 2,
  takenAt: null,
  position: null,
  isDecoded,
});

/** A photo of which something is done while it is made smaller, which fails or not. */
async function keptWhile(name: string, fails: boolean, meanwhile: 'captioned' | 'deleted') {
  const precious = openPrecious(name);
  const keeper = photoKeeper(precious, async (_file, { asItCame } = { asItCame: false }) => {
    if (meanwhile === 'captioned') await captionPhoto(precious, 'a', 'Le bassin');
    // After the first try, so that what follows has read it.
    else if (!fails || asItCame) await deletePhoto(precious, 'a');
    if (fails && !asItCame) throw new ProblemError('unknown', 'no room in memory');
    return made(!asItCame);
  });
  await keeper.keep(rawRow({ id: 'a', draft, file, now, licence: 'CC-BY-SA-4.0' }), file);
  await keeper.prepare('a');
  return [await precious.photos.toArray(), await precious.photo_bytes.count()] as const;
}

it.each([false, true])('keeps the words written meanwhile under a photo, failed: %s', async (fails) => {
  const [rows] = await keptWhile(`captioned-${String(fails)}`, fails, 'captioned');
  expect(rows).toMatchObject([{ caption: 'Le bassin', raw: false }]);
});

it.each([false, true])('does not bring back a photo deleted meanwhile, failed: %s', async (fails) => {
  expect(await keptWhile(`deleted-${String(fails)}`, fails, 'deleted')).toEqual([[], 0]);
});
