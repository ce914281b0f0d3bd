import type { Cache } from './cache.ts';

const TRIMMED_AT = 'trimmed_at';

/**
 * Lets go of all that a copy holds of the neighbourhood: it can be pulled again, work cannot be done
 * again. What is mine, or waits for me, stays. Answers whether there was anything to let go of.
 */
export async function trimCache(store: Cache, now: Date): Promise<boolean> {
  const tables = [store.points, store.buckets, store.seen, store.meta, store.thumbs];
  return store.transaction('rw', tables, async () => {
    const isNear = (bucket: string) => bucket === 'u:me' || bucket === 'm:me';
    const gone = await store.points.filter((row) => !row.held.some(isNear)).delete();
    const cells = await store.buckets.where('id').startsWith('c:').delete();
    await store.seen.where('bucket').startsWith('c:').delete();
    const pictures = await store.thumbs.count();
    await store.thumbs.clear();
    await store.meta.put({ key: TRIMMED_AT, value: now.toISOString() });
    return gone + cells + pictures > 0;
  });
}

/** Lets go of the neighbourhood in several copies. Answers whether any had something to let go of. */
export async function trimCopies(copies: readonly Cache[], now: Date): Promise<boolean> {
  return (await Promise.all(copies.map((copy) => trimCache(copy, now)))).includes(true);
}

/** When the device was last found full, or null. */
export async function trimmedAt(store: Cache): Promise<string | null> {
  return ((await store.meta.get(TRIMMED_AT))?.value as string | undefined) ?? null;
}
