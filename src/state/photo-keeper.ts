import { photoTables, savePhoto } from '../db/photos.ts';
import { withStore } from '../db/guard.ts';
import type { Precious } from '../db/precious.ts';
import type { PhotoRow } from '../db/rows.ts';
import type { PreparedPhoto } from '../device/image-pipeline.ts';
import { LIMITS } from '../domain/limits.ts';
import { type Problem, ProblemError, problemOf } from '../domain/problems.ts';
import { preparedRow } from './photo-rows.ts';

/** Makes a photo ready to leave; `asItCame` does not even try to decode it. */
export type Prepare = (file: Blob, options?: { readonly asItCame: boolean }) => Promise<PreparedPhoto>;

/** What reads and writes the bytes of photos: they are megabytes, and hold up whoever touches them. */
export interface PhotoKeeper {
  /** Keeps a photo just as the camera gave it: it is on the disk when this resolves. Throws ProblemError `quota`. */
  keep(row: PhotoRow, file: Blob): Promise<void>;
  /** Makes a kept photo ready to leave. Never throws: see the outcome's problem. */
  prepare(id: string): Promise<PhotoOutcome>;
}

/** What became of a photo that was kept as it came. Without `ready` there is nothing of it to keep. */
export interface PhotoOutcome {
  readonly ready?: { readonly thumb: ArrayBuffer | null; readonly isUnreadable: boolean };
  /** Where the photo says that it was taken. */
  readonly position?: PreparedPhoto['position'];
  readonly problem?: Problem;
}

/** What a photo cannot be prepared for without anything being lost by deleting it. */
const NOTHING_TO_KEEP: readonly string[] = ['not_an_image', 'too_large', 'photo_bytes_lost'];

/** The keeper of photos at work on this thread. */
export function photoKeeper(precious: Precious, prepare: Prepare): PhotoKeeper {
  return {
    async keep(row, file) {
      const bytes = await file.arrayBuffer();
      await withStore(precious, () => savePhoto(precious, row, bytes, null));
    },
    prepare: (id) => prepareKept(precious, prepare, id),
  };
}

/** Makes a photo that was kept as it came ready to leave, once. What fails leaves it as it is. */
async function prepareKept(precious: Precious, prepare: Prepare, id: string): Promise<PhotoOutcome> {
  try {
    const { row, original } = await readKept(precious, id);
    if (!row.raw) return outcomeOf(precious, row);
    // Counted before: a photo that kills the app each time it is decoded is kept as it came.
    await withStore(precious, () => precious.photos.update(id, { attempts: row.attempts + 1 }));
    const photo = await prepare(original, { asItCame: row.attempts >= LIMITS.photoDecodings });
    const save = async () => {
      // As it is by now: words may have been written under it meanwhile, or its author deleted or saved it.
      const kept = await precious.photos.get(id);
      // Another window made it meanwhile, and it may be on its way: what leaves does not change any more.
      if (kept?.raw) await savePhoto(precious, preparedRow(kept, photo), photo.bytes, photo.thumb);
      return kept;
    };
    const kept = await withStore(precious, () => precious.transaction('rw', photoTables(precious), save));
    if (!kept) return {};
    if (!kept.raw) return outcomeOf(precious, kept);
    return { ready: { thumb: photo.thumb, isUnreadable: !photo.isDecoded }, position: photo.position };
  } catch (cause) {
    return leaveAsItCame(precious, prepare, id, problemOf(cause));
  }
}

/** Of a photo that is ready already. */
async function outcomeOf(precious: Precious, row: PhotoRow): Promise<PhotoOutcome> {
  const thumb = (await precious.photo_thumbs.get(row.id))?.bytes ?? null;
  return { ready: { thumb, isUnreadable: row.undecoded ?? false }, position: row.found_at ?? null };
}

/** No room for the smaller copy, or nothing that makes it: the photo was kept, and stays as it is. */
export async function leaveAsItCame(
  precious: Precious,
  prepare: Prepare,
  id: string,
  problem: Problem,
): Promise<PhotoOutcome> {
  const asItCame: PhotoOutcome = { problem, ready: { thumb: null, isUnreadable: true } };
  if (NOTHING_TO_KEEP.includes(problem.code)) {
    await refuseSaved(precious, id, problem).catch(() => undefined);
    return { problem };
  }
  if (problem.code === 'quota') {
    // It stays raw, and is tried again when there may be room: no try that this one failed counts.
    await precious.photos.update(id, { attempts: 0 }).catch(() => undefined);
    return asItCame;
  }
  try {
    const { original } = await readKept(precious, id);
    const photo = await prepare(original, { asItCame: true });
    await withStore(precious, () =>
      precious.photos
        .where('id')
        .equals(id)
        .and((kept) => kept.raw === true)
        .modify((kept, ref) => {
          ref.value = preparedRow(kept, photo);
        }),
    );
  } catch {
    // If even that fails it is tried again when the draft is opened again, or at the next start.
  }
  return asItCame;
}

/** Its contribution is saved and counts on it: the file stays, and its author is told of it in the outbox. */
async function refuseSaved(precious: Precious, id: string, problem: Problem): Promise<void> {
  await precious.photos
    .where('id')
    .equals(id)
    .and((row) => row.raw === true && row.state === 'local')
    .modify({ state: 'refused', last_problem: problem });
}

async function readKept(precious: Precious, id: string) {
  const [row, kept] = await Promise.all([precious.photos.get(id), precious.photo_bytes.get(id)]);
  if (!row || !kept) throw new ProblemError('photo_bytes_lost');
  return { row, original: new Blob([kept.bytes], { type: row.mime }) };
}
