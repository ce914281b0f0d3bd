import Dexie from 'dexie';

/**
 * A query to be followed, which reads anew only once who wrote has been answered: Dexie asks for it within the end of the
 * transaction, and on an old phone a save waited until every list on the screen had been read again.
 *
 * An async function, and Dexie's own promise: Dexie knows by these what the query reads after its first `await`.
 */
export function afterTheWrite<T>(querier: () => T | Promise<T>): () => Promise<T> {
  let isAgain = false;
  return async () => {
    if (isAgain) await new Dexie.Promise<void>((resolve) => setTimeout(resolve, 0));
    isAgain = true;
    return querier();
  };
}
