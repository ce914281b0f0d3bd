import { bucketsOver } from '../domain/area.ts';
import { allAreas } from './areas.ts';
import type { Cache } from './cache.ts';
import type { Relief } from './guard.ts';
import type { Precious } from './precious.ts';

const TRIMMED_AT = 'trimmed_at';

/**
 * Lets go of all that a copy holds of the neighbourhood: it can be pulled again, work cannot be done
 * again. What is mine, or waits for me, stays, and so do the cells spared. Answers whether there was
 * anything to let go of.
 */
export async function trimCache(
  store: Cache,
  now: Date,
  spared: ReadonlySet<string> = new Set(),
): Promise<boolean> {
  const tables = [store.points, store.buckets, store.seen, store.meta, store.thumbs];
  return store.transaction('rw', tables, async () => {
    const stays = (bucket: string) => bucket === 'u:me' || bucket === 'm:me' || spared.has(bucket);
    const gone = await store.points.filter((row) => !row.held.some(stays)).delete();
    const cells = await store.buckets
      .where('id')
      .startsWith('c:')
      .filter((row) => !spared.has(row.id))
      .delete();
    await store.seen
      .where('bucket')
      .startsWith('c:')
      .filter((row) => !spared.has(row.bucket))
      .delete();
    const pictures = await store.thumbs.count();
    await store.thumbs.clear();
    await store.meta.put({ key: TRIMMED_AT, value: now.toISOString() });
    return gone + cells + pictures > 0;
  });
}

/**
 * What copies may let go of for work that finds no room, in this order: what was merely seen, then the
 * points of the sectors that somebody of this device took along.
 */
export function reliefsOf(copies: () => readonly Cache[], precious: Precious, now: () => Date): Relief[] {
  const trim = async (spare: (copy: Cache) => Promise<ReadonlySet<string>>) => {
    const trimmed = copies().map(async (copy) => trimCache(copy, now(), await spare(copy)));
    return (await Promise.all(trimmed)).includes(true);
  };
  const takenAlong = async (copy: Cache) =>
    new Set(bucketsOver(await allAreas(precious), await copy.themes.toCollection().primaryKeys()));
  return [() => trim(takenAlong), () => trim(() => Promise.resolve(new Set<string>()))];
}

/** When the device was last found full, or null. */
export async function trimmedAt(store: Cache): Promise<string | null> {
  return ((await store.meta.get(TRIMMED_AT))?.value as string | undefined) ?? null;
}
