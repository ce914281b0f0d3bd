import { ownDraftOf, saveDraft } from '../db/drafts.ts';
import { deleteFromOutbox, outboxOfPoint, outboxRow } from '../db/outbox.ts';
import { photosOfPoint, unsentPhotosWith } from '../db/photos.ts';
import type { OutboxRow } from '../db/rows.ts';
import { reopenCreate } from '../domain/commands/reopen-create.ts';
import { captureAgain, editAgain, editDraft } from '../domain/draft.ts';
import type { CreateMutation, EditMutation } from '../domain/mutation.ts';
import { ProblemError } from '../domain/problems.ts';
import type { Theme } from '../domain/theme.ts';
import { coalesce } from '../sync/coalesce.ts';
import { mayStillChange, mustNotHaveLeft } from '../sync/enqueue.ts';
import { shownPoint, type Stores } from '../sync/overlay.ts';
import { termTakenBack } from './finish-draft.ts';

interface ReopenDeps extends Stores {
  readonly themeOf: (id: string) => Promise<Theme>;
  readonly now: () => Date;
}

/**
 * A refused contribution, or one that has not left, becomes a draft again, with its answers and photos.
 * What was begun over it meanwhile stays. Returns the draft's id. Throws ProblemError `busy` when it is
 * on its way, `foreign_draft` when another person of this device edits the point.
 */
export async function reopen(deps: ReopenDeps, mutationId: string): Promise<string> {
  const row = await outboxRow(deps.precious, mutationId);
  if (row?.user_id !== deps.userId) throw new ProblemError('unknown_point');
  const { mutation } = row;
  if (mutation.kind === 'edit') return reopenEdit(deps, row, mutation);
  if (mutation.kind === 'create') return reopenCapture(deps, row, mutation);
  throw new ProblemError('unknown_point');
}

async function reopenCapture(
  { precious, userId, themeOf, now }: ReopenDeps,
  row: OutboxRow,
  create: CreateMutation,
): Promise<string> {
  const formRev = (await themeOf(create.theme)).form_rev;
  return precious.transaction('rw', precious.tables, async () => {
    await mustNotHaveLeft(precious, row);
    const draft = reopenCreate(await withEdits(precious, row, create), { userId, formRev }, now());
    if (!draft) throw new ProblemError('unknown_point');
    const { id } = draft;
    const photos = (await photosOfPoint(precious, id)).filter(
      (photo) => photo.user_id === userId && photo.state !== 'stored',
    );
    photos.sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0));
    const photo_ids = photos.map((photo) => photo.id);
    const term = await termTakenBack(precious, userId, id);
    const again = { ...draft, photo_ids, ...term };
    await saveDraft(precious, captureAgain(again, await ownDraftOf(precious, id, userId)));
    await precious.photos.bulkPut(photos.map((photo) => ({ ...photo, state: 'draft' })));
    await deleteFromOutbox(precious, row.mutation_id);
    return id;
  });
}

/** The capture as it was edited since, before either left: the edits go into it. */
async function withEdits(
  precious: Stores['precious'],
  { user_id, point_id }: OutboxRow,
  create: CreateMutation,
): Promise<CreateMutation> {
  let whole = create;
  for (const row of await outboxOfPoint(precious, user_id, point_id)) {
    if (row.kind !== 'edit' || !(await mayStillChange(precious, row))) continue;
    const joined = coalesce(whole, row.mutation);
    if (joined?.kind !== 'create') continue;
    whole = joined;
    await deleteFromOutbox(precious, row.mutation_id);
  }
  return whole;
}

/** An edit opens the point again, with what it wanted over what its author had seen. */
async function reopenEdit(deps: ReopenDeps, row: OutboxRow, edit: EditMutation): Promise<string> {
  const { precious, userId, themeOf, now } = deps;
  const { point_id: id } = edit;
  // Without itself: else what it changes would seem to be there already, and be lost.
  const point = (await shownPoint(deps, id, row.mutation_id))?.point;
  if (!point) throw new ProblemError('point_not_found');
  const theme = await themeOf(point.theme);
  const fresh = { ...editDraft({ userId, formRev: theme.form_rev }, point, now()), seen: point };
  await precious.transaction('rw', precious.tables, async () => {
    await mustNotHaveLeft(precious, row);
    const again = editAgain(fresh, edit, await ownDraftOf(precious, id, userId));
    const photos = await unsentPhotosWith(precious, id, row.mutation_id);
    await precious.photos.bulkPut(photos.map((photo) => ({ ...photo, state: 'draft' })));
    const photo_ids = [...new Set([...photos.map((photo) => photo.id), ...again.photo_ids])];
    await saveDraft(precious, { ...again, photo_ids });
    await deleteFromOutbox(precious, row.mutation_id);
  });
  return id;
}
