import { bounded } from '../api/request.ts';
import type { Precious } from '../db/precious.ts';
import { LIMITS } from '../domain/limits.ts';

const last = new WeakMap<Precious, Promise<unknown>>();

/**
 * Does the engine's writes one after the other while it sends. Browsers serve what is asked of an
 * origin's databases in its order: a person's save then waits for one of them at most, not for all
 * those of the calls in flight.
 */
export async function inTurn<T>(store: Precious, write: () => PromiseLike<T>): Promise<T> {
  const before = last.get(store) ?? Promise.resolve();
  // A connection that died answers nothing: those that come after it are not held for ever.
  const mine = bounded(before, AbortSignal.timeout(LIMITS.callTimeoutMs)).then(write, write);
  last.set(store, mine);
  return mine;
}
