import type { Draft } from '../domain/draft.ts';
import { deletePhoto } from './photos.ts';
import type { Precious } from './precious.ts';

/** Saves a draft as it is now. Rune proxies must have been opened with `$state.snapshot`. */
export async function saveDraft(store: Precious, draft: Draft): Promise<void> {
  await store.drafts.put(draft);
}

/** One draft. */
export function draftOf(store: Precious, id: string): Promise<Draft | undefined> {
  return store.drafts.get(id);
}

/** A user's drafts, latest first. */
export async function draftsOf(store: Precious, userId: string): Promise<Draft[]> {
  const rows = await store.drafts.where('user_id').equals(userId).sortBy('updated_at');
  return rows.reverse();
}

/** Deletes a draft that its author discarded, with its photos. */
export async function discardDraft(store: Precious, id: string): Promise<void> {
  const tables = [store.drafts, store.photos, store.photo_bytes, store.photo_thumbs];
  await store.transaction('rw', tables, async () => {
    const draft = await store.drafts.get(id);
    for (const photoId of draft?.photo_ids ?? []) await deletePhoto(store, photoId);
    await store.drafts.delete(id);
  });
}

/** Discards a draft and its photos. Returns the way back, good until the app closes. */
export async function discardForAWhile(store: Precious, id: string): Promise<() => Promise<void>> {
  const draft = await draftOf(store, id);
  const photoIds = [...(draft?.photo_ids ?? [])];
  const [rows, bytes, thumbs] = await Promise.all([
    store.photos.bulkGet(photoIds),
    store.photo_bytes.bulkGet(photoIds),
    store.photo_thumbs.bulkGet(photoIds),
  ]);
  await discardDraft(store, id);
  const tables = [store.drafts, store.photos, store.photo_bytes, store.photo_thumbs];
  return () =>
    store.transaction('rw', tables, async () => {
      if (draft) await store.drafts.put(draft);
      await store.photos.bulkPut(rows.filter((row) => row !== undefined));
      await store.photo_bytes.bulkPut(bytes.filter((row) => row !== undefined));
      await store.photo_thumbs.bulkPut(thumbs.filter((row) => row !== undefined));
    });
}
