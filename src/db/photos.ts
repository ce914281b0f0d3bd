import type { Precious } from './precious.ts';
import type { PhotoRow } from './rows.ts';

/** Saves a photo, its bytes and its thumbnail together. */
export async function savePhoto(
  store: Precious,
  row: PhotoRow,
  bytes: ArrayBuffer,
  thumb: ArrayBuffer | null,
): Promise<void> {
  const tables = [store.photos, store.photo_bytes, store.photo_thumbs];
  await store.transaction('rw', tables, async () => {
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
  await store.transaction('rw', [store.photos, store.photo_bytes, store.photo_thumbs], async () => {
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
  const tables = [store.photos, store.photo_bytes, store.photo_thumbs];
  await store.transaction('rw', tables, async () => {
    for (const table of tables) await table.delete(photoId);
  });
}
