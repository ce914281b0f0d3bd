import { jsonText } from '../domain/json.ts';
import type { Precious } from './precious.ts';
import type { PhotoRow } from './rows.ts';

/** Tables of a photo: its row, its bytes, its thumbnail. */
export const photoTables = (store: Precious) =>
  [store.photos, store.photo_bytes, store.photo_thumbs] as const;

/** Saves a photo, its bytes and its thumbnail together. */
export async function savePhoto(
  store: Precious,
  row: PhotoRow,
  bytes: ArrayBuffer,
  thumb: ArrayBuffer | null,
): Promise<void> {
  await store.transaction('rw', photoTables(store), async () => {
    await store.photos.put(row);
    await store.photo_bytes.put({ id: row.id, bytes });
    if (thumb) await store.photo_thumbs.put({ id: row.id, bytes: thumb });
  });
}

/** Photos of a point taken on this device, whatever their state. */
export function photosOfPoint(store: Precious, pointId: string): Promise<PhotoRow[]> {
  return store.photos.where('point_id').equals(pointId).toArray();
}

/** Photos of a user that still have to leave. */
export function photosToSend(store: Precious, userId: string): Promise<PhotoRow[]> {
  return store.photos
    .where('[user_id+state]')
    .anyOf([
      [userId, 'uploading'],
      [userId, 'local'],
    ])
    .toArray();
}

/** Photos of a user whose contribution is saved, and that are still just as the camera gave them. */
export async function photosToFinish(store: Precious, userId: string): Promise<string[]> {
  const waiting = await photosToSend(store, userId);
  return waiting.filter((row) => row.raw).map((row) => row.id);
}

/** The server confirmed size and hash: only now do the bytes go. The thumbnail stays. */
export async function markStored(store: Precious, photoId: string, at: Date): Promise<void> {
  await store.transaction('rw', [store.photos, store.photo_bytes], async () => {
    await store.photos.update(photoId, { state: 'stored', stored_at: at.toISOString(), last_problem: null });
    await store.photo_bytes.delete(photoId);
  });
}

/**
 * A server restored from a backup may have forgotten photos that it had confirmed: those since an
 * instant are offered to it again. Call it inside a transaction on `photos`.
 */
export async function offerStoredAgain(store: Precious, userId: string, since: Date): Promise<void> {
  await store.photos
    .where('[user_id+state]')
    .equals([userId, 'stored'])
    .and((row) => (row.stored_at ?? row.taken_at) >= since.toISOString())
    .modify({ state: 'local', attempts: 0, not_before: 0 });
}

/**
 * Photos of a draft leave with it, in the transaction in which it does: each takes its changes. Those that
 * are as they were last read are written without asking first, for each answer costs an old phone time.
 */
export async function letPhotosGo(
  store: Precious,
  ids: readonly string[],
  { asRead, changes }: { asRead: readonly PhotoRow[]; changes: (rank: number) => Partial<PhotoRow> },
): Promise<void> {
  const read = ids.map((id) => asRead.find((row) => row.id === id));
  const gone = (row: PhotoRow | undefined, rank: number) =>
    row ? [{ ...row, state: 'local' as const, ...changes(rank) }] : [];
  const asking = store.photos.bulkGet([...ids]);
  const [there] = await Promise.all([asking, store.photos.bulkPut(read.flatMap(gone))]);
  // Made smaller, captioned or deleted meanwhile: that is what leaves.
  const others = there.map((row, rank) => (jsonText(row) === jsonText(read[rank]) ? undefined : row));
  const deleted = ids.filter((_, rank) => read[rank] && !there[rank]);
  if (others.some(Boolean)) await store.photos.bulkPut(others.flatMap(gone));
  if (deleted.length > 0) await store.photos.bulkDelete(deleted);
}

/** Writes what a photo shows, in its author's words; null for no words. */
export async function captionPhoto(store: Precious, photoId: string, caption: string | null): Promise<void> {
  await store.photos.update(photoId, { caption });
}

/** Gives a photo another id, in one transaction: one that was discarded meanwhile stays so. */
export async function renamePhoto(
  store: Precious,
  photoId: string,
  changes: Partial<PhotoRow> & Pick<PhotoRow, 'id'>,
): Promise<void> {
  await store.transaction('rw', photoTables(store), async () => {
    const row = await store.photos.get(photoId);
    if (!row) return;
    await store.photos.put({ ...row, ...changes });
    for (const table of [store.photo_bytes, store.photo_thumbs]) {
      const kept = await table.get(photoId);
      if (kept) await table.put({ ...kept, id: changes.id });
    }
    await deletePhoto(store, photoId);
  });
}

/** Deletes a photo that its author discarded, bytes and thumbnail with it. */
export async function deletePhoto(store: Precious, photoId: string): Promise<void> {
  const tables = photoTables(store);
  await store.transaction('rw', tables, async () => {
    for (const table of tables) await table.delete(photoId);
  });
}

/** Remembers photos, to put back those that are gone: call what it returns within a transaction on them. */
export async function rememberPhotos(
  store: Precious,
  rows: readonly PhotoRow[],
): Promise<() => Promise<void>> {
  const ids = rows.map((row) => row.id);
  const [bytes, thumbs] = await Promise.all([
    store.photo_bytes.bulkGet(ids),
    store.photo_thumbs.bulkGet(ids),
  ]);
  return async () => {
    const there = new Set(await store.photos.where('id').anyOf(ids).primaryKeys());
    const isGone = (row: { readonly id: string }) => !there.has(row.id);
    const isKnown = <T>(row: T | undefined) => row !== undefined;
    await store.photos.bulkPut(rows.filter(isGone));
    await store.photo_bytes.bulkPut(bytes.filter(isKnown).filter(isGone));
    await store.photo_thumbs.bulkPut(thumbs.filter(isKnown).filter(isGone));
  };
}

/**
 * Deletes a photo of a draft as `deleteDraftPhoto` does. Returns the way back, good until the app closes; it
 * answers whether there was still a draft to bring it back to.
 */
export async function deleteDraftPhotoForAWhile(
  store: Precious,
  photoId: string,
): Promise<() => Promise<boolean>> {
  const tables = photoTables(store);
  return store.transaction('rw', tables, async () => {
    const row = await store.photos.get(photoId);
    const putBack = await rememberPhotos(store, row?.state === 'draft' ? [row] : []);
    await deleteDraftPhoto(store, photoId);
    return () =>
      store.transaction('rw', [store.drafts, ...tables], async () => {
        const hasDraft = row !== undefined && (await store.drafts.get(row.point_id)) !== undefined;
        if (hasDraft) await putBack();
        return hasDraft;
      });
  });
}

/** Deletes a photo of a draft, unless it has left the draft meanwhile: then it is not the draft's to delete. */
export async function deleteDraftPhoto(store: Precious, photoId: string): Promise<void> {
  await store.transaction('rw', photoTables(store), async () => {
    if ((await store.photos.get(photoId))?.state === 'draft') await deletePhoto(store, photoId);
  });
}

/** Photos taken for a draft by its own author: on a shared phone somebody else may have one of the same point. */
export async function photosOfDraft(
  store: Precious,
  { id, user_id }: { readonly id: string; readonly user_id: string },
): Promise<PhotoRow[]> {
  const photos = await photosOfPoint(store, id);
  return photos.filter((photo) => photo.user_id === user_id && photo.state === 'draft');
}

/** Photos of a point that one edit or observation brings, and that the server does not have. */
export async function unsentPhotosWith(store: Precious, pointId: string, id: string): Promise<PhotoRow[]> {
  const photos = await photosOfPoint(store, pointId);
  return photos.filter((photo) => photo.given_with === id && photo.state !== 'stored');
}

/**
 * Deletes photos of a point that its author gave up, or of one thing they said of it: what the server has is not this
 * device's to delete, and what a draft has belongs to that draft.
 */
export async function deleteUnsentPhotos(
  store: Precious,
  pointId: string,
  givenWith?: string,
): Promise<void> {
  for (const photo of await photosOfPoint(store, pointId)) {
    const isMeant = givenWith === undefined || photo.given_with === givenWith;
    if (isMeant && photo.state !== 'stored' && photo.state !== 'draft') await deletePhoto(store, photo.id);
  }
}
