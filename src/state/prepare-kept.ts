import { savePhoto } from '../db/photos.ts';
import { withStore } from '../db/guard.ts';
import type { Precious } from '../db/precious.ts';
import type { PreparedPhoto } from '../device/image-pipeline.ts';
import type { RandomBytes } from '../domain/id.ts';
import { LIMITS } from '../domain/limits.ts';
import { type Problem, ProblemError, problemOf } from '../domain/problems.ts';
import { preparedRow, urlOf } from './photo-rows.ts';

/** Makes a photo ready to leave; `asItCame` does not even try to decode it. */
export type Prepare = (file: Blob, options?: { readonly asItCame: boolean }) => Promise<PreparedPhoto>;

/** What turns a file of the camera into a kept photo. */
export interface PhotoKitchen {
  readonly precious: Precious;
  readonly prepare: Prepare;
  readonly now: () => Date;
  readonly random: RandomBytes;
  /** Licence under which the person gives photos: the one of the charter they accepted. */
  readonly licence: () => string;
}

/** What became of a photo that was kept as it came. Without `ready` there is nothing of it to keep. */
interface Outcome {
  readonly ready?: { readonly url: string | null; readonly isUnreadable: boolean };
  /** Where the photo says that it was taken. */
  readonly position?: PreparedPhoto['position'];
  readonly problem?: Problem;
}

/** What a photo cannot be prepared for without anything being lost by deleting it. */
const NOTHING_TO_KEEP: readonly string[] = ['not_an_image', 'too_large', 'photo_bytes_lost'];

/** Makes a photo that was kept as it came ready to leave. What fails leaves it as it is. */
export async function prepareKept(kitchen: PhotoKitchen, id: string): Promise<Outcome> {
  const { precious, prepare } = kitchen;
  try {
    const { raw, original } = await readKept(precious, id);
    // Counted before: a photo that kills the app each time it is decoded is kept as it came.
    await precious.photos.update(id, { attempts: raw.attempts + 1 });
    const photo = await prepare(original, { asItCame: raw.attempts >= LIMITS.photoDecodings });
    // Words may have been written under it meanwhile.
    const kept = await precious.photos.get(id);
    // Or its author deleted it.
    if (!kept) return {};
    const row = preparedRow(kept, photo);
    await withStore(precious, () => savePhoto(precious, row, photo.bytes, photo.thumb));
    return { ready: { url: urlOf(photo.thumb), isUnreadable: !photo.isDecoded }, position: photo.position };
  } catch (cause) {
    const problem = problemOf(cause);
    if (NOTHING_TO_KEEP.includes(problem.code)) return { problem };
    // If even that fails it is tried again when the draft is opened again.
    await leaveAsItCame(kitchen, id).catch(() => undefined);
    return { problem, ready: { url: null, isUnreadable: true } };
  }
}

/** No room for the smaller copy, or nothing that makes it: the photo was kept, and stays as it is. */
async function leaveAsItCame({ precious, prepare }: PhotoKitchen, id: string): Promise<void> {
  const { raw, original } = await readKept(precious, id);
  const photo = await prepare(original, { asItCame: true });
  await withStore(precious, () => precious.photos.put(preparedRow(raw, photo)));
}

async function readKept(precious: Precious, id: string) {
  const [raw, kept] = await Promise.all([precious.photos.get(id), precious.photo_bytes.get(id)]);
  if (!raw || !kept) throw new ProblemError('photo_bytes_lost');
  return { raw, original: new Blob([kept.bytes], { type: raw.mime }) };
}
