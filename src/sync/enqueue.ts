import { withStore } from '../db/guard.ts';
import type { Precious } from '../db/precious.ts';
import type { OutboxRow } from '../db/rows.ts';
import { LIMITS } from '../domain/limits.ts';
import { type Mutation, mutationSchema } from '../domain/mutation.ts';
import { coalesce } from './coalesce.ts';

export interface Enqueued {
  readonly userId: string;
  readonly now: Date;
  /** The draft that the mutation finishes: it goes in the same transaction. */
  readonly draftId?: string;
  /** Photos taken for it: they may leave from now on. */
  readonly photoIds?: readonly string[];
}

/**
 * Saves a mutation to be sent, with its local effect, in one transaction: when the promise
 * resolves it is on the disk. Returns the id under which it will be sent (an edit may join an
 * unsent one). Throws ZodError for a malformed mutation, ProblemError `quota` or `storage_closed`.
 */
export async function enqueueMutation(
  precious: Precious,
  mutation: Mutation,
  { userId, now, draftId, photoIds = [] }: Enqueued,
): Promise<string> {
  const checked = mutationSchema.parse(mutation);
  const tables = [precious.outbox, precious.drafts, precious.photos];
  const save = () =>
    precious.transaction('rw', tables, async () => {
      const id = await saveRow(precious, checked, userId, now);
      for (const [index, photoId] of photoIds.entries()) {
        // Beside photos that the point already has, the order in which they were taken is enough.
        const rank = checked.kind === 'create' ? { rank: index } : {};
        await precious.photos.update(photoId, { state: 'local', ...rank });
      }
      if (draftId !== undefined) await precious.drafts.delete(draftId);
      return id;
    });
  return withStore(precious, save);
}

async function saveRow(precious: Precious, mutation: Mutation, userId: string, now: Date): Promise<string> {
  const ofPoint = await precious.outbox.where('point_id').equals(mutation.point_id).sortBy('n');
  const last = ofPoint.filter((row) => row.user_id === userId).at(-1);
  const joined = last && isUntouched(last) ? coalesce(last.mutation, mutation) : null;
  if (last && joined) {
    await precious.outbox.put({ ...last, mutation: joined });
    return joined.mutation_id;
  }
  await precious.outbox.add(newRow(mutation, userId, now));
  return mutation.mutation_id;
}

/** Whether a row has never left, so that it may still change or go. */
export function isUntouched(row: OutboxRow): boolean {
  return row.state === 'queued' && row.attempts === 0 && row.frozen === null;
}

function newRow(mutation: Mutation, userId: string, now: Date): OutboxRow {
  return {
    mutation_id: mutation.mutation_id,
    user_id: userId,
    point_id: mutation.point_id,
    kind: mutation.kind,
    mutation,
    frozen: null,
    state: 'queued',
    attempts: 0,
    last_problem: null,
    not_before: mutation.kind === 'decide' ? now.getTime() + LIMITS.decisionUndoMs : 0,
    saved_at: now.toISOString(),
  };
}
