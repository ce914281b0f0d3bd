import { LIMITS } from '../domain/limits.ts';

/**
 * Does work on many rows a few at a time, inside one transaction all the same. A browser serves all
 * databases of an origin in one queue: a person's save would wait behind all that was asked before it.
 */
export async function inSlices<T>(
  rows: readonly T[],
  work: (slice: readonly T[]) => PromiseLike<unknown>,
): Promise<void> {
  for (let from = 0; from < rows.length; from += LIMITS.rowsAtOnce) {
    await work(rows.slice(from, from + LIMITS.rowsAtOnce));
  }
}
