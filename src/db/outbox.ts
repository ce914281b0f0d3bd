import type { OutboxRow, SentRow } from './rows.ts';
import type { Precious } from './precious.ts';

/** Everything of a user that has not arrived, in local order. */
export function outboxOf(store: Precious, userId: string): Promise<OutboxRow[]> {
  return store.outbox.where('user_id').equals(userId).sortBy('n');
}

/** What waits on this device, whoever did it, after a row in local order. */
export function outboxPage(store: Precious, after: number, limit: number): Promise<OutboxRow[]> {
  return store.outbox.where('n').above(after).limit(limit).toArray();
}

/** A user's latest saves that have not arrived, latest first. */
export function latestOfOutbox(store: Precious, userId: string, limit: number): Promise<OutboxRow[]> {
  return store.outbox.where('user_id').equals(userId).reverse().limit(limit).toArray();
}

/** What has not arrived about one point, in local order. */
export async function outboxOfPoint(store: Precious, userId: string, pointId: string): Promise<OutboxRow[]> {
  const rows = await store.outbox.where('point_id').equals(pointId).sortBy('n');
  return rows.filter((row) => row.user_id === userId);
}

/** One row by its mutation. */
export function outboxRow(store: Precious, mutationId: string): Promise<OutboxRow | undefined> {
  return store.outbox.where('mutation_id').equals(mutationId).first();
}

/** Changes a row where it stands. */
export async function updateOutbox(
  store: Precious,
  mutationId: string,
  changes: Partial<OutboxRow>,
): Promise<void> {
  await store.outbox
    .where('mutation_id')
    .equals(mutationId)
    .modify((row) => {
      Object.assign(row, changes);
    });
}

/** Deletes rows: they arrived, or their author discarded them. */
export async function deleteFromOutbox(store: Precious, ...mutationIds: string[]): Promise<void> {
  await store.transaction('rw', store.outbox, async () => {
    // All asked at once: a cursor would step through them one by one, and saves wait for it.
    const places = await Promise.all(
      mutationIds.map((id) => store.outbox.where('mutation_id').equals(id).primaryKeys()),
    );
    await store.outbox.bulkDelete(places.flat());
  });
}

/** Receipts of a user, earliest first; those from an instant on, when it is given. */
export function receiptsOf(store: Precious, userId: string, from = ''): Promise<SentRow[]> {
  return receipts(store, userId, from).toArray();
}

/** What became of a user's contributions, latest first. */
export function sentOf(store: Precious, userId: string, limit: number): Promise<SentRow[]> {
  return receipts(store, userId).reverse().limit(limit).toArray();
}

const receipts = (store: Precious, userId: string, from = '') =>
  store.sent.where('[user_id+at]').between([userId, from], [userId, '\uffff']);
