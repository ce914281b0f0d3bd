import { type Draft, isEmptyDraft } from '../domain/draft.ts';
import { isSameDraft } from '../domain/draft-merge.ts';
import { ProblemError } from '../domain/problems.ts';
import { deleteDraftPhoto, photoTables } from './photos.ts';
import type { Precious } from './precious.ts';

/** Saves a draft as it is now. Rune proxies must have been opened with `$state.snapshot`. */
export async function saveDraft(store: Precious, draft: Draft): Promise<void> {
  await store.drafts.put(draft);
}

/** One draft. */
export function draftOf(store: Precious, id: string): Promise<Draft | undefined> {
  return store.drafts.get(id);
}

/**
 * One draft of this person, to be gone on with. Throws ProblemError `foreign_draft` where another person
 * of this device has begun one on the same point: there is one draft a point, and it is theirs.
 */
export async function ownDraftOf(store: Precious, id: string, userId: string): Promise<Draft | undefined> {
  const draft = await draftOf(store, id);
  if (draft && draft.user_id !== userId) throw new ProblemError('foreign_draft', id);
  return draft;
}

/** A user's drafts, latest first. */
export async function draftsOf(store: Precious, userId: string): Promise<Draft[]> {
  const rows = await store.drafts.where('user_id').equals(userId).sortBy('updated_at');
  return rows.reverse();
}

/** Another window of this device has written a draft, or finished it, since it was read. */
export class DraftMoved extends Error {
  override readonly name = 'DraftMoved';
}

/**
 * Deletes a draft that leaves, in the transaction in which it does. Throws `DraftMoved` where it is not
 * any more what was `kept`, when that is given.
 */
export async function takeDraft(store: Precious, id: string, kept?: Draft): Promise<void> {
  // Asked together, for what throws takes the deletion back: each answer costs an old phone time.
  const [there] = await Promise.all([kept && store.drafts.get(id), store.drafts.delete(id)]);
  if (kept && (!there || !isSameDraft(there, kept))) throw new DraftMoved(id);
}

/** Deletes a draft that nobody put anything in, in any window. */
export async function discardEmptyDraft(store: Precious, id: string): Promise<void> {
  const tables = [store.drafts, ...photoTables(store)];
  await store.transaction('rw', tables, async () => {
    const draft = await store.drafts.get(id);
    if (draft && isEmptyDraft(draft)) await discardDraft(store, id);
  });
}

/** Deletes a draft that its author discarded, with its photos: those that have left it are not its own to delete. */
export async function discardDraft(store: Precious, id: string): Promise<void> {
  const tables = [store.drafts, ...photoTables(store)];
  await store.transaction('rw', tables, async () => {
    const draft = await store.drafts.get(id);
    for (const photoId of draft?.photo_ids ?? []) await deleteDraftPhoto(store, photoId);
    await store.drafts.delete(id);
  });
}

/** Discards a draft and its photos. Returns the way back, good until the app closes. */
export async function discardForAWhile(store: Precious, id: string): Promise<() => Promise<void>> {
  const draft = await draftOf(store, id);
  const listed = await store.photos.bulkGet([...(draft?.photo_ids ?? [])]);
  const rows = listed.filter((row) => row?.state === 'draft');
  const photoIds = rows.map((row) => row?.id ?? '');
  const [bytes, thumbs] = await Promise.all([
    store.photo_bytes.bulkGet(photoIds),
    store.photo_thumbs.bulkGet(photoIds),
  ]);
  await discardDraft(store, id);
  const tables = [store.drafts, ...photoTables(store)];
  return () =>
    store.transaction('rw', tables, async () => {
      if (draft) await store.drafts.put(draft);
      await store.photos.bulkPut(rows.filter((row) => row !== undefined));
      await store.photo_bytes.bulkPut(bytes.filter((row) => row !== undefined));
      await store.photo_thumbs.bulkPut(thumbs.filter((row) => row !== undefined));
    });
}
