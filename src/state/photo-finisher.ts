import type { Precious } from '../db/precious.ts';
import { LIMITS } from '../domain/limits.ts';
import type { PhotoKeeper } from './photo-keeper.ts';

interface FinisherDeps {
  readonly precious: Precious;
  readonly keeper: PhotoKeeper;
  /** Asks for a round of the sync: a photo may leave. */
  readonly wake: () => void;
}

/**
 * Makes smaller the photos of what is saved already: those that a save did not wait for, and those that
 * an app which died has left as the camera gave them. Give it the ids whenever they change.
 */
export function photoFinisher({ precious, keeper, wake }: FinisherDeps): (ids: readonly string[]) => void {
  const underWay = new Set<string>();

  const isStillRaw = async (id: string) => {
    const row = await precious.photos.get(id);
    return row?.raw === true && row.state === 'local';
  };
  const finish = async (id: string) => {
    // Where there was no room for it, until there is.
    while (await isStillRaw(id)) {
      await keeper.prepare(id);
      if (await isStillRaw(id)) await new Promise((resolve) => setTimeout(resolve, LIMITS.photoRetryMs));
      else wake();
    }
  };

  return (ids) => {
    for (const id of ids.filter((one) => !underWay.has(one))) {
      underWay.add(id);
      // The store is gone for now: its next change, or the next start, tries again.
      void finish(id)
        .catch(() => undefined)
        .then(() => underWay.delete(id));
    }
  };
}
