import { fetchSnapshot } from '../api/pull.ts';
import { putPoints, releasePoints } from '../db/points.ts';
import type { BucketRow } from '../db/rows.ts';
import { inSlices } from '../db/slices.ts';
import { LIMITS } from '../domain/limits.ts';
import { followedNow } from './buckets.ts';
import type { SyncContext } from './context.ts';
import { weightOf } from './room.ts';
import { mustSpeakToMe } from './spoken-to.ts';

/**
 * Takes a bucket's snapshot, page by page, from where it stopped. Rows and progress go into one
 * transaction. Only once the last page is in does what it did not bring leave the bucket, and its
 * horizon become the cursor to pull from. `epoch` is the one of a pull answered to this user. Asks
 * `hasRoom` before each page; returns whether the bucket is complete.
 */
export async function takeSnapshot(
  ctx: SyncContext,
  bucketId: string,
  epoch: string,
  signal: AbortSignal,
  hasRoom: () => Promise<boolean> = () => Promise.resolve(true),
): Promise<boolean> {
  const { cache, api } = ctx;
  for (;;) {
    const progress = await cache.buckets.get(bucketId);
    if (progress?.cursor) return true;
    if (!(await hasRoom())) return false;
    const { after, horizon } = progress ?? { after: null, horizon: null };
    const query = {
      bucket: bucketId,
      limit: LIMITS.snapshotRows,
      ...(after ? { after } : {}),
      ...(horizon ? { horizon } : {}),
    };
    const page = await fetchSnapshot(api, query, { signal, asUser: ctx.userId });
    // Another server answers half-way: what it says cannot complete what the first one began.
    mustSpeakToMe(ctx, page, epoch);
    const tables = [cache.points, cache.buckets, cache.seen];
    await cache.transaction('rw', tables, async () => {
      await putPoints(cache, page.points, (await followedNow(cache)).add(bucketId), true);
      await inSlices(page.points, (slice) =>
        cache.seen.bulkPut(slice.map(({ id }) => ({ bucket: bucketId, id }))),
      );
      const weight = (progress?.weight ?? 0) + weightOf(page.points);
      const { horizon, next: after } = page;
      const row = { id: bucketId, horizon, after, cursor: null, complete_at: null, weight };
      if (page.next) await cache.buckets.put(row);
      else await complete(ctx, row, page.horizon);
    });
  }
}

async function complete(ctx: SyncContext, row: BucketRow, cursor: string): Promise<void> {
  const { cache } = ctx;
  const brought = await cache.seen.where('bucket').equals(row.id).toArray();
  const ids = new Set(brought.map((one) => one.id));
  await releasePoints(cache, row.id, (id) => ids.has(id));
  await cache.seen.where('bucket').equals(row.id).delete();
  const complete_at = ctx.now().toISOString();
  await cache.buckets.put({ ...row, cursor, horizon: null, after: null, complete_at });
}
