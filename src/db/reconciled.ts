import type { Cache } from './cache.ts';

/** What came out of comparing this copy with the server. */
export interface Reconciled {
  readonly at: string;
  /** Buckets compared. */
  readonly buckets: number;
  /** Rows that were missing or older here: fetched. */
  readonly fetched: number;
  /** Rows that the server no longer shows: let go. */
  readonly released: number;
  /** Receipts that the server was asked about, and those that it did not know: queued again. */
  readonly receipts: number;
  readonly forgotten: number;
}

const KEY = 'reconciled';
const ASKED = 'reconcile_asked';

/** The last comparison, or null before the first. */
export async function lastReconciled(store: Cache): Promise<Reconciled | null> {
  return ((await store.meta.get(KEY))?.value as Reconciled | undefined) ?? null;
}

/** Keeps what a comparison found; what was asked for is done. */
export async function saveReconciled(store: Cache, found: Reconciled): Promise<void> {
  await store.transaction('rw', store.meta, async () => {
    await store.meta.put({ key: KEY, value: found });
    await store.meta.delete(ASKED);
  });
}

/** Asks for a comparison at the next round, whatever the hour. */
export async function askReconcile(store: Cache): Promise<void> {
  await store.meta.put({ key: ASKED, value: true });
}

/** Whether somebody asked for a comparison that has not been made yet. */
export async function isReconcileAsked(store: Cache): Promise<boolean> {
  return (await store.meta.get(ASKED)) !== undefined;
}
