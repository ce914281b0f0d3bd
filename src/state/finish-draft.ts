import type { Cache } from '../db/cache.ts';
import { saveDraft, takeDraft } from '../db/drafts.ts';
import { deleteFromOutbox, outboxOfPoint } from '../db/outbox.ts';
import type { Precious } from '../db/precious.ts';
import type { PhotoRow } from '../db/rows.ts';
import { noteTermUse } from '../db/used-terms.ts';
import { completeDraft, termProposal } from '../domain/commands/complete-draft.ts';
import { makeMutation } from '../domain/commands/make.ts';
import type { Draft } from '../domain/draft.ts';
import type { RandomBytes } from '../domain/id.ts';
import type { Theme } from '../domain/theme.ts';
import { enqueueMutation } from '../sync/enqueue.ts';

interface FinishDeps {
  readonly precious: Precious;
  readonly cache: () => Cache;
  readonly now: () => Date;
  readonly random: RandomBytes;
}

/** The draft that goes on where another has ended, which leaves under that id. */
export type GoesOn = (finished: Draft, leavesAs: string) => Draft;

export interface Finishing {
  /** The draft as it is in the database, unless another window has written it. */
  readonly kept?: Draft;
  /** Rows of its photos as they were last read. */
  readonly photosAsRead?: readonly PhotoRow[];
  readonly goesOn?: GoesOn | undefined;
}

/**
 * One transaction: the contribution and the word that goes with it are in the outbox, its photos may
 * leave, the draft is gone, and the one that goes on after it is there. Returns under which id it
 * leaves; null for photos alone. Throws `DraftMoved` where it is not any more what was `kept`.
 */
export async function finishDraft(
  deps: FinishDeps,
  draft: Draft,
  theme: Theme,
  { kept, photosAsRead, goesOn }: Finishing = {},
): Promise<string | null> {
  const { precious, now, random } = deps;
  const { id: draftId, user_id: userId, photo_ids: photoIds, observes } = draft;
  const [first, ...others] = [completeDraft(draft, theme), termProposal(draft)]
    .filter((one) => one !== null)
    .map((one) => makeMutation(one, now(), random));
  if (!first) {
    // Photos alone: nothing of the sheet changes.
    await precious.transaction('rw', precious.photos, precious.drafts, async () => {
      await photosOf(deps, photoIds).modify({ state: 'local' });
      await takeDraft(precious, draftId, kept);
    });
    return null;
  }
  const leaving = { userId, now: now(), draftId, kept, photoIds, ...(photosAsRead && { photosAsRead }) };
  const leave = () => enqueueMutation(precious, first, leaving);
  const leaveWithTheRest = async () => {
    // What was photographed belongs to the point that was seen again.
    if (observes) await photosOf(deps, photoIds).modify({ point_id: observes.point_id });
    const id = await leave();
    for (const next of others) await enqueueMutation(precious, next, { userId, now: now() });
    if (goesOn) await saveDraft(precious, goesOn(draft, id));
    return id;
  };
  // A save is a transaction of its own: one around it would only cost an old phone time.
  const isAlone = !observes && !goesOn && others.length === 0;
  const leftAs = isAlone
    ? await leave()
    : await precious.transaction('rw', precious.tables, leaveWithTheRest);
  noteUse(deps, draft);
  return leftAs;
}

function photosOf({ precious }: FinishDeps, ids: readonly string[]) {
  return precious.photos.where('id').anyOf([...ids]);
}

/** A comfort: it waits until the save is told, and without room for it the contribution is saved all the same. */
function noteUse({ cache, now }: FinishDeps, { concept, term, observes }: Draft): void {
  if (concept === null || term || observes) return;
  const note = () => void noteTermUse(cache(), concept, now()).catch(() => undefined);
  setTimeout(note, 0);
}

/** The word that waited behind a refused capture, taken back for its draft. Within a transaction. */
export async function termTakenBack(
  precious: Precious,
  userId: string,
  pointId: string,
): Promise<Pick<Draft, 'term'>> {
  const rows = await outboxOfPoint(precious, userId, pointId);
  const proposal = rows.map((row) => row.mutation).find((one) => one.kind === 'propose_term');
  if (!proposal) return {};
  await deleteFromOutbox(precious, proposal.mutation_id);
  const { scheme, text, lang, broader, note } = proposal;
  return { term: { scheme, text, lang, ...(broader ? { broader } : {}), ...(note ? { note } : {}) } };
}
