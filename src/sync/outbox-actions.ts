import { deletePhoto, photosOfPoint } from '../db/photos.ts';
import type { Precious } from '../db/precious.ts';
import { deleteFromOutbox, outboxOfPoint, outboxRow } from '../db/outbox.ts';
import type { OutboxRow } from '../db/rows.ts';
import { newMutationId, type RandomBytes } from '../domain/id.ts';
import type { Mutation } from '../domain/mutation.ts';
import { isUntouched } from './enqueue.ts';

const tablesOf = (store: Precious) => [store.outbox, store.photos, store.photo_bytes, store.photo_thumbs];

/**
 * Takes back a mutation that has not left. Returns it, or null when it is too late: it was sent,
 * or never was. A create takes its photos along only when `withPhotos`.
 */
export function undoMutation(
  store: Precious,
  mutationId: string,
  { withPhotos = false } = {},
): Promise<Mutation | null> {
  return store.transaction('rw', tablesOf(store), async () => {
    const row = await outboxRow(store, mutationId);
    if (!row || !isUntouched(row)) return null;
    await forget(store, row, withPhotos);
    return row.mutation;
  });
}

/** Discards what its author gives up: a refused mutation, or one that waits. Photos go with a create. */
export function discardMutation(store: Precious, mutationId: string): Promise<void> {
  return store.transaction('rw', tablesOf(store), async () => {
    const row = await outboxRow(store, mutationId);
    if (row) await forget(store, row, true);
  });
}

async function forget(store: Precious, row: OutboxRow, withPhotos: boolean): Promise<void> {
  await deleteFromOutbox(store, row.mutation_id);
  if (row.kind !== 'create') return;
  const ofPoint = await outboxOfPoint(store, row.user_id, row.point_id);
  // A word proposed for a point that will not be names nothing.
  const words = ofPoint.filter((one) => one.kind === 'propose_term');
  await deleteFromOutbox(store, ...words.map((one) => one.mutation_id));
  if (!withPhotos) return;
  for (const photo of await photosOfPoint(store, row.point_id)) {
    // What the server has is not this device's to delete.
    if (photo.state !== 'stored') await deletePhoto(store, photo.id);
  }
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
