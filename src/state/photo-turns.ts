import { LIMITS } from '../domain/limits.ts';
import type { PhotoKeeper, PhotoOutcome } from './photo-keeper.ts';

/**
 * A keeper that makes photos smaller one at a time, and each once however often it is asked: the form
 * asks, then what finishes photos once the form is saved.
 */
export function inTurns(keeper: PhotoKeeper): PhotoKeeper {
  const inTurn = queue();
  const underWay = new Map<string, Promise<PhotoOutcome>>();
  const prepare = (id: string) => inTurn(() => keeper.prepare(id)).finally(() => underWay.delete(id));
  return {
    keep: (row, file) => keeper.keep(row, file),
    prepare(id) {
      const outcome = underWay.get(id) ?? prepare(id);
      underWay.set(id, outcome);
      return outcome;
    },
  };
}

/** A keeper that takes turns with those of other windows: two bitmaps of 12 megapixels at once kill an old phone. */
export function aloneOnTheDevice(keeper: PhotoKeeper): PhotoKeeper {
  return {
    keep: (row, file) => keeper.keep(row, file),
    prepare: (id) => withPhotoLock(() => keeper.prepare(id)),
  };
}

/** Runs works one after the other. */
export function queue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}

/** A window that sleeps over its photo does not hold the others up for ever: a photo is written once, whoever made it. */
async function withPhotoLock<T>(work: () => Promise<T>): Promise<T> {
  // Old WebViews have no `locks`, whatever the types say.
  const locks = (globalThis.navigator as Partial<Navigator> | undefined)?.locks;
  if (!locks) return work();
  const waiting = AbortSignal.timeout(LIMITS.photoWorkMs);
  let begun: Promise<T> | null = null;
  const once = () => (begun ??= work());
  return locks.request('photos', { signal: waiting }, once).catch((cause: unknown) => {
    if (begun) throw cause;
    return once();
  });
}
