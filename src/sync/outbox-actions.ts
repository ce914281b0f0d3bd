import { callTables } from '../db/calls.ts';
import { makeCaptureAgain } from '../db/drafts.ts';
import { deleteUnsentPhotos, photoTables } from '../db/photos.ts';
import type { Precious } from '../db/precious.ts';
import { deleteFromOutbox, outboxOfPoint, outboxRow } from '../db/outbox.ts';
import type { OutboxRow } from '../db/rows.ts';
import { newMutationId, type RandomBytes } from '../domain/id.ts';
import type { Mutation } from '../domain/mutation.ts';
import { mayStillChange } from './enqueue.ts';

const tablesOf = (store: Precious) => [...callTables(store), ...photoTables(store), store.drafts];

/**
 * Takes back a mutation that has not left. Returns it, or null when it is too late: it was sent,
 * or never was. Its photos go along only when `withPhotos`.
 */
export function undoMutation(
  store: Precious,
  mutationId: string,
  { withPhotos = false } = {},
): Promise<Mutation | null> {
  return store.transaction('rw', tablesOf(store), async () => {
    const row = await outboxRow(store, mutationId);
    if (!row || !(await mayStillChange(store, row))) return null;
    await forget(store, row, withPhotos);
    return row.mutation;
  });
}

/** Discards what its author gives up: a refused mutation, or one that waits. Its photos go too. */
export function discardMutation(store: Precious, mutationId: string): Promise<void> {
  return store.transaction('rw', tablesOf(store), async () => {
    const row = await outboxRow(store, mutationId);
    if (row) await forget(store, row, true);
  });
}

async function forget(store: Precious, row: OutboxRow, withPhotos: boolean): Promise<void> {
  await deleteFromOutbox(store, row.mutation_id);
  if (row.kind !== 'create') {
    if (withPhotos) await deleteUnsentPhotos(store, row.point_id, row.mutation_id);
    return;
  }
  const ofPoint = await outboxOfPoint(store, row.user_id, row.point_id);
  // What was said of a point that will not be, changed of it or proposed for it, names nothing.
  await deleteFromOutbox(store, ...ofPoint.map((one) => one.mutation_id));
  await makeCaptureAgain(store, row.point_id, row.user_id);
  if (withPhotos) await deleteUnsentPhotos(store, row.point_id);
}

/** Refusals that the server does not remember: the same mutation may be sent again. */
const EVALUATED_AGAIN = ['charter_required', 'client_too_old', 'unknown_theme', 'unknown_point'];

/**
 * Sends again what was refused, or tries now what waits. A refusal that the server remembers is
 * tried under a new id, with `corrected` in its place when given.
 */
export function retryMutation(
  store: Precious,
  mutationId: string,
  now: Date,
  random: RandomBytes,
  corrected?: Mutation,
): Promise<void> {
  return store.transaction('rw', store.outbox, async () => {
    const row = await outboxRow(store, mutationId);
    if (!row || row.state === 'conflict') return;
    const isRemembered = row.state === 'refused' && !EVALUATED_AGAIN.includes(row.last_problem?.code ?? '');
    const queued = { ...row, state: 'queued' as const, not_before: 0, last_problem: null };
    if (!isRemembered && !corrected) {
      await store.outbox.put(queued);
      return;
    }
    const mutation = { ...(corrected ?? row.mutation), mutation_id: newMutationId(now, random) };
    await store.outbox.put({
      ...queued,
      mutation_id: mutation.mutation_id,
      mutation,
      frozen: null,
      attempts: 0,
    });
  });
}
