import { callTables, isOnItsWay } from '../db/calls.ts';
import { takeDraft } from '../db/drafts.ts';
import { withStore } from '../db/guard.ts';
import { outboxOfPoint } from '../db/outbox.ts';
import { letPhotosGo } from '../db/photos.ts';
import type { Precious } from '../db/precious.ts';
import type { OutboxRow, PhotoRow } from '../db/rows.ts';
import type { Draft } from '../domain/draft.ts';
import { jsonText } from '../domain/json.ts';
import { LIMITS } from '../domain/limits.ts';
import { type EditMutation, type Mutation, mutationSchema } from '../domain/mutation.ts';
import { ProblemError } from '../domain/problems.ts';
import { coalesce } from './coalesce.ts';

export interface Enqueued {
  readonly userId: string;
  readonly now: Date;
  /** The draft that the mutation finishes: it goes in the same transaction. */
  readonly draftId?: string;
  /** That draft as it must still be: another window may have written it. */
  readonly kept?: Draft | undefined;
  /** Photos taken for it: they may leave from now on. */
  readonly photoIds?: readonly string[];
  /** Rows of those photos as they were last read: what is still so is written without asking first. */
  readonly photosAsRead?: readonly PhotoRow[];
  /** One tap said it, and another may take it back: it leaves as late as a decision does. */
  readonly isHeld?: boolean;
}

type By = Required<Pick<Enqueued, 'userId' | 'now' | 'isHeld'>>;

/**
 * Saves a mutation to be sent, with its local effect, in one transaction: when the promise
 * resolves it is on the disk. Returns the id under which it will be sent (an edit may join an
 * unsent one). Throws ZodError for a malformed mutation, ProblemError `quota` or `storage_closed`, and
 * `DraftMoved` where the draft is not any more what was `kept`.
 */
export async function enqueueMutation(
  precious: Precious,
  mutation: Mutation,
  { userId, now, draftId, kept, photoIds = [], photosAsRead: asRead = [], isHeld = false }: Enqueued,
): Promise<string> {
  const checked = mutationSchema.parse(mutation);
  const tables = [...callTables(precious), precious.drafts, precious.photos];
  const save = () =>
    precious.transaction('rw', tables, async () => {
      const saving = saveRow(precious, checked, { userId, now, isHeld });
      const photosGo = async () => {
        // Beside photos that the point already has, the order in which they were taken is enough.
        const isCreate = checked.kind === 'create';
        const given_with = isCreate ? '' : await saving;
        const changes = (rank: number) => (isCreate ? { rank } : { given_with });
        await letPhotosGo(precious, photoIds, { asRead, changes });
      };
      // All asked at once: on an old phone each answer of the browser takes as long as the whole save of another.
      const [id] = await Promise.all([
        saving,
        photoIds.length > 0 && photosGo(),
        draftId !== undefined && takeDraft(precious, draftId, kept),
      ]);
      return id;
    });
  return withStore(precious, save);
}

async function saveRow(precious: Precious, mutation: Mutation, by: By): Promise<string> {
  // Only an edit joins what is there: nothing else waits for the search.
  const joined = mutation.kind === 'edit' && (await joinedRow(precious, mutation, by.userId));
  await precious.outbox.put(joined || newRow(mutation, by));
  return (joined || mutation).mutation_id;
}

/** The row of the same point that an edit joins, with it; null when it goes on its own. */
async function joinedRow(precious: Precious, edit: EditMutation, userId: string): Promise<OutboxRow | null> {
  const rows = await outboxOfPoint(precious, userId, edit.point_id);
  // A word proposed for the point says nothing that an edit could overtake, but where the edit names it.
  const isJoinable = (row: OutboxRow) => row.kind !== 'propose_term' || 'concept' in edit.patch;
  const last = rows.filter(isJoinable).at(-1);
  const mutation = last && (await mayStillChange(precious, last)) ? coalesce(last.mutation, edit) : null;
  return last && mutation ? { ...last, mutation } : null;
}

/**
 * Whether a row has never left, so that it may still change or go. Ask in the transaction that
 * changes it: the row is read anew.
 */
export async function mayStillChange(store: Precious, { n }: OutboxRow): Promise<boolean> {
  const row = n === undefined ? undefined : await store.outbox.get(n);
  return n !== undefined && row !== undefined && isUntried(row) && !(await isOnItsWay(store, n));
}

/**
 * What was sent does not change. Throws ProblemError `busy` for a row that waits and may be on its
 * way, or is not any more what was read. In the transaction that changes it.
 */
export async function mustNotHaveLeft(store: Precious, row: OutboxRow): Promise<void> {
  const now = row.n === undefined ? undefined : await store.outbox.get(row.n);
  const isSame = now?.state === row.state && jsonText(now.mutation) === jsonText(row.mutation);
  const isFree = row.state !== 'queued' || (await mayStillChange(store, row));
  if (!isSame || !isFree) throw new ProblemError('busy');
}

/** Whether no call with a row has failed: it is still here, or on its way for the first time. */
export function isUntried(row: OutboxRow): boolean {
  return row.state === 'queued' && row.attempts === 0 && row.frozen === null;
}

function newRow(mutation: Mutation, { userId, now, isHeld }: By): OutboxRow {
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
    not_before: isHeld || mutation.kind === 'decide' ? now.getTime() + LIMITS.decisionUndoMs : 0,
    saved_at: now.toISOString(),
  };
}
