import { draftOf, saveDraft } from '../db/drafts.ts';
import { isFinished } from '../db/finished.ts';
import type { Precious } from '../db/precious.ts';
import type { Draft } from '../domain/draft.ts';
import { isSameDraft, mergeDrafts } from '../domain/draft-merge.ts';

/**
 * Writes a draft over what was there, `before`; what another window has written since stays, see
 * `mergeDrafts`. Returns what is there now; null when the other window has finished it.
 */
export async function saveOver(store: Precious, before: Draft, draft: Draft): Promise<Draft | null> {
  const saved = await store.transaction('rw', store.drafts, async () => {
    const there = await draftOf(store, draft.id);
    if (!there) return null;
    const over = isSameDraft(there, before) ? draft : mergeDrafts(before, draft, there);
    await saveDraft(store, over);
    return over;
  });
  if (saved || (await isFinished(store, draft))) return saved;
  // Thrown away there, empty or not, and gone on with here: this is the later word.
  const photos = await store.photos.bulkGet([...draft.photo_ids]);
  const photo_ids = draft.photo_ids.filter((_, index) => photos[index]);
  const again = photo_ids.length < draft.photo_ids.length ? { ...draft, photo_ids } : draft;
  await saveDraft(store, again);
  return again;
}

/** What is there of a draft that this window knows as `before`; null when another window has finished it. */
export async function seenAgain(store: Precious, before: Draft): Promise<Draft | null> {
  const there = await draftOf(store, before.id);
  if (there) return isSameDraft(there, before) ? before : there;
  return (await isFinished(store, before)) ? null : before;
}
