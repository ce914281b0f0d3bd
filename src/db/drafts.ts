import { type Draft, isEmptyDraft } from '../domain/draft.ts';
import { isSameDraft } from '../domain/draft-merge.ts';
import { ProblemError } from '../domain/problems.ts';
import { deleteDraftPhoto, photoTables, rememberPhotos } from './photos.ts';
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

/** The point that was to be changed will not be: what was begun over it is a capture again. */
export async function makeCaptureAgain(store: Precious, pointId: string, userId: string): Promise<void> {
  const draft = await draftOf(store, pointId);
  if (draft?.seen && draft.user_id === userId) await saveDraft(store, { ...draft, seen: null });
}

/** Discards a draft and its photos. Returns the way back, good until the app closes. */
export async function discardForAWhile(store: Precious, id: string): Promise<() => Promise<void>> {
  const tables = [store.drafts, ...photoTables(store)];
  return store.transaction('rw', tables, async () => {
    const draft = await draftOf(store, id);
    const listed = await store.photos.bulkGet([...(draft?.photo_ids ?? [])]);
    const own = listed.filter((row) => row !== undefined).filter((row) => row.state === 'draft');
    const putBack = await rememberPhotos(store, own);
    await discardDraft(store, id);
    return () =>
      store.transaction('rw', tables, async () => {
        if (draft) await store.drafts.put(draft);
        await putBack();
      });
  });
}
