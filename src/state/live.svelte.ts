import Dexie, { liveQuery } from 'dexie';

import { afterTheWrite } from './after-the-write.ts';

/** A value that follows the local database. */
export interface Live<T> {
  readonly current: T;
}

/**
 * Follows a local query while the component or effect root lives. The querier runs anew whenever
 * the tables it read change, and whenever the runes it reads before its first `await` change.
 * Until the first answer, and after a failure, the last value stays (first `initial`).
 */
export function live<T>(querier: () => T | Promise<T>, initial: T): Live<T> {
  let value = $state.raw<T>(initial);
  let version = 0;
  $effect(() => {
    const mine = ++version;
    // Dexie calls the querier from a timer, where nothing is tracked: called here once more so that
    // the effect knows the runes it reads. Its failure is told by the subscription.
    Promise.resolve(querier()).catch(() => undefined);
    const subscription = liveQuery(afterTheWrite(querier)).subscribe({
      next: (next) => {
        if (mine === version) value = next;
      },
      // A copy that was just dropped (sign-out) is no fault: the querier reads the next one.
      error: (cause: unknown) => {
        if (!(cause instanceof Dexie.DatabaseClosedError)) console.error(cause);
      },
    });
    return () => subscription.unsubscribe();
  });
  return {
    get current() {
      return value;
    },
  };
}
