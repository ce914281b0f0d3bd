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

/** Lets go of something; answers whether there was anything to let go of. */
export type Relief = () => Promise<boolean>;

/** What can give room when a store is full. */
const reliefs = new WeakMap<Dexie, readonly Relief[]>();

/** Says what to let go of when a store is full: the least missed first, each only if those before were not enough. */
export function onFull(store: Dexie, inThisOrder: readonly Relief[]): void {
  reliefs.set(store, inThisOrder);
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
    if (isQuota(cause)) return retryWithRoom(stores, work, cause);
    if (!isDead(cause)) throw cause;
    return reopenAndRetry(stores, work);
  }
}

/** The same, of the room alone, for work that is done elsewhere and tells of it by a ProblemError `quota`. */
export async function withRoom<T>(store: Dexie, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!isToldFull(cause)) throw cause;
    return retryWithRoom([store], work, cause);
  }
}

async function retryWithRoom<T>(
  stores: readonly Dexie[],
  work: () => Promise<T>,
  first: unknown,
): Promise<T> {
  const ways = stores.map((store) => reliefs.get(store)).find((known) => known) ?? [];
  for (const relieve of ways) {
    if (!(await relieve().catch(() => false))) continue;
    try {
      return await work();
    } catch (cause) {
      if (!isQuota(cause) && !isToldFull(cause)) throw cause;
    }
  }
  throw new ProblemError('quota', String(first));
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

function isToldFull(cause: unknown): boolean {
  return cause instanceof ProblemError && cause.problem.code === 'quota';
}

function isQuota(cause: unknown): boolean {
  return names(cause).includes('QuotaExceededError');
}

function isDead(cause: unknown): boolean {
  return names(cause).some((name) => DEAD_CONNECTION.includes(name));
}
