import type Dexie from 'dexie';

import { ProblemError } from '../domain/problems.ts';

const DEAD_CONNECTION = [
  'DatabaseClosedError',
  'InvalidStateError',
  'UnknownError',
  'VersionError',
  'VersionChangeError',
  'TransactionInactiveError',
];

/** What can give room when a store is full. */
const reliefs = new WeakMap<Dexie, () => Promise<boolean>>();

/** Says what to let go of when a store is full; `relieve` answers whether it made room. */
export function onFull(store: Dexie, relieve: () => Promise<boolean>): void {
  reliefs.set(store, relieve);
}

/**
 * Runs work on a local database. A dead connection (iOS kills them in the background) is opened
 * again and the work tried once more; a full device first lets go of what can be pulled again. No room
 * left all the same and a store that stays closed become problems.
 * Throws ProblemError `quota` or `storage_closed`; the work's own errors go through.
 */
export function withStore<T>(store: Dexie, work: () => Promise<T>): Promise<T> {
  return withStores([store], work);
}

/** The same for work on several databases: whichever of them died, all are opened again. */
export async function withStores<T>(stores: readonly Dexie[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (isQuota(cause)) return relieveAndRetry(stores, work, cause);
    if (!isDead(cause)) throw cause;
    return reopenAndRetry(stores, work);
  }
}

/** Lets go of what can be pulled again. False when nothing was found to let go of. */
export async function makeRoom(store: Dexie): Promise<boolean> {
  return (reliefs.get(store)?.() ?? Promise.resolve(false)).catch(() => false);
}

async function relieveAndRetry<T>(
  stores: readonly Dexie[],
  work: () => Promise<T>,
  first: unknown,
): Promise<T> {
  const watched = stores.find((store) => reliefs.has(store));
  if (!watched || !(await makeRoom(watched))) throw new ProblemError('quota', String(first));
  try {
    return await work();
  } catch (cause) {
    throw isQuota(cause) ? new ProblemError('quota', String(cause)) : cause;
  }
}

async function reopenAndRetry<T>(stores: readonly Dexie[], work: () => Promise<T>): Promise<T> {
  try {
    for (const store of stores) {
      store.close({ disableAutoOpen: false });
      await store.open();
    }
    return await work();
  } catch (cause) {
    if (isQuota(cause)) throw new ProblemError('quota', String(cause));
    if (isDead(cause)) throw new ProblemError('storage_closed', String(cause));
    throw cause;
  }
}

function names(cause: unknown): string[] {
  if (!(cause instanceof Error)) return [];
  const { inner } = cause as { inner?: unknown };
  return [cause.name, ...(inner === cause ? [] : names(inner))];
}

function isQuota(cause: unknown): boolean {
  return names(cause).includes('QuotaExceededError');
}

function isDead(cause: unknown): boolean {
  return names(cause).some((name) => DEAD_CONNECTION.includes(name));
}
