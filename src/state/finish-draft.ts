import type { Precious } from '../db/precious.ts';
import { completeDraft } from '../domain/commands/complete-draft.ts';
import { makeMutation } from '../domain/commands/make.ts';
import type { Draft } from '../domain/draft.ts';
import type { RandomBytes } from '../domain/id.ts';
import type { Theme } from '../domain/theme.ts';
import { enqueueMutation } from '../sync/enqueue.ts';

interface FinishDeps {
  readonly precious: Precious;
  readonly now: () => Date;
  readonly random: RandomBytes;
}

/**
 * One transaction: the contribution is in the outbox, its photos may leave, the draft is gone. Returns
 * under which id it leaves; null for photos alone.
 */
export async function finishDraft(deps: FinishDeps, draft: Draft, theme: Theme): Promise<string | null> {
  const { precious, now, random } = deps;
  const finished = completeDraft(draft, theme);
  const { id: draftId, user_id: userId, photo_ids: photoIds, observes } = draft;
  if (!finished) {
    // Photos alone: nothing of the sheet changes.
    await precious.transaction('rw', precious.photos, precious.drafts, async () => {
      await photosOf(deps, photoIds).modify({ state: 'local' });
      await precious.drafts.delete(draftId);
    });
    return null;
  }
  const enqueued = { userId, now: now(), draftId, photoIds };
  const mutation = makeMutation(finished, now(), random);
  if (!observes) return enqueueMutation(precious, mutation, enqueued);
  // What was photographed belongs to the point that was seen again.
  return precious.transaction('rw', precious.tables, async () => {
    await photosOf(deps, photoIds).modify({ point_id: observes.point_id });
    return enqueueMutation(precious, mutation, enqueued);
  });
}

function photosOf({ precious }: FinishDeps, ids: readonly string[]) {
  return precious.photos.where('id').anyOf([...ids]);
}
