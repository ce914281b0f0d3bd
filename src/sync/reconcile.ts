import { fetchSnapshot } from '../api/pull.ts';
import { fetchDigests, fetchIds } from '../api/reconcile.ts';
import { bucketVersions, putPoints, releasePoints } from '../db/points.ts';
import { isReconcileAsked, lastReconciled, saveReconciled } from '../db/reconciled.ts';
import { digestOf } from '../domain/digest.ts';
import { LIMITS } from '../domain/limits.ts';
import { followedNow } from './buckets.ts';
import type { SyncContext } from './context.ts';
import { askReceipts } from './requeue.ts';
import { reviveDaily } from './revive.ts';
import { mustSpeakToMe } from './spoken-to.ts';

/** Whether a day has passed since the last comparison, or the clock has gone back, or somebody asked. */
async function isDueToday({ cache, now }: SyncContext): Promise<boolean> {
  if (await isReconcileAsked(cache)) return true;
  const last = await lastReconciled(cache);
  if (!last) {
    // This copy was made just now, row by row: the first comparison is for tomorrow.
    const at = now().toISOString();
    await saveReconciled(cache, { at, buckets: 0, fetched: 0, released: 0, receipts: 0, forgotten: 0 });
    return false;
  }
  return Math.abs(now().getTime() - Date.parse(last.at)) >= LIMITS.reconcileEveryMs;
}

/**
 * Compares the copy with the server once a day and on demand, bucket by bucket: what is missing or
 * older here is fetched, what the server no longer shows is let go. An answer that does not say that
 * it speaks to this user, of this life of the server, changes nothing. Precious work is only touched
 * to queue again what the server does not know. Call it right after a pull. Throws ProblemError.
 */
export async function reconcile(ctx: SyncContext, signal: AbortSignal): Promise<void> {
  if (!(await isDueToday(ctx))) return;
  const { cache, now } = ctx;
  const epoch = await pulledEpoch(ctx);
  if (epoch === null) return;
  const rows = await cache.buckets.toArray();
  // What is being fetched is compared anyway; words have no versions.
  const complete = rows
    .filter((row) => row.cursor !== null && row.complete_at !== null && row.id !== 't')
    .map((row) => row.id);
  let fetched = 0;
  let released = 0;
  for (let from = 0; from < complete.length; from += LIMITS.digestsAsked) {
    const asked = complete.slice(from, from + LIMITS.digestsAsked);
    const answer = await fetchDigests(ctx.api, asked, { signal, asUser: ctx.userId });
    mustSpeakToMe(ctx, answer, epoch);
    for (const theirs of answer.digests) {
      if (!asked.includes(theirs.id)) continue;
      const mine = digestOf(await bucketVersions(cache, theirs.id));
      if (mine.digest === theirs.digest && mine.count === theirs.count) continue;
      const repaired = await repair(ctx, { bucket: theirs.id, count: theirs.count, epoch }, signal);
      fetched += repaired.fetched;
      released += repaired.released;
    }
  }
  await reviveDaily(ctx);
  const { asked: receipts, forgotten } = await askReceipts(ctx, () => true, signal);
  const at = now().toISOString();
  await saveReconciled(cache, { at, buckets: complete.length, fetched, released, receipts, forgotten });
}

async function pulledEpoch({ cache }: SyncContext): Promise<string | null> {
  const epochs = (await cache.meta.get('epochs'))?.value as { epoch?: string } | undefined;
  return epochs?.epoch ?? null;
}

interface Suspect {
  readonly bucket: string;
  /** How many rows the digest counted. */
  readonly count: number;
  readonly epoch: string;
}

/** Finds what differs in a bucket, id by id, and makes it the same. */
async function repair(
  ctx: SyncContext,
  { bucket, count, epoch }: Suspect,
  signal: AbortSignal,
): Promise<{ fetched: number; released: number }> {
  const theirs = await idsOf(ctx, bucket, epoch, signal);
  const mine = new Map((await bucketVersions(ctx.cache, bucket)).map(({ id, v }) => [id, v]));
  const ids = [...theirs.keys()];
  const wanted = ids.filter((id) => mine.get(id) !== theirs.get(id));
  for (const [after, limit] of runsOf(ids, wanted)) {
    await fetchRun(ctx, { bucket, after, limit, epoch }, signal);
  }
  const extra = [...mine.keys()].filter((id) => !theirs.has(id));
  // Two answers that do not agree, or an empty one out of nowhere, let nothing go.
  if (theirs.size !== count) return { fetched: wanted.length, released: 0 };
  await ctx.cache.transaction('rw', ctx.cache.points, () =>
    releasePoints(ctx.cache, bucket, (id) => theirs.has(id)),
  );
  return { fetched: wanted.length, released: extra.length };
}

async function idsOf(
  ctx: SyncContext,
  bucket: string,
  epoch: string,
  signal: AbortSignal,
): Promise<Map<string, number>> {
  const ids = new Map<string, number>();
  let after: string | null = null;
  do {
    const query = { bucket, limit: LIMITS.idsAsked, ...(after === null ? {} : { after }) };
    const page = await fetchIds(ctx.api, query, { signal, asUser: ctx.userId });
    mustSpeakToMe(ctx, page, epoch);
    for (const [id, v] of page.ids) ids.set(id, v);
    after = page.next;
  } while (after !== null);
  return ids;
}

/**
 * Stretches of a snapshot that bring the wanted ids: what precedes the first, and how many rows.
 * Wanted ids a few rows apart share a stretch: rows are cheaper than calls.
 */
export function runsOf(ids: readonly string[], wanted: readonly string[]): [string | null, number][] {
  const isWanted = new Set(wanted);
  const runs: { start: number; end: number }[] = [];
  for (const [index, id] of ids.entries()) {
    if (!isWanted.has(id)) continue;
    const last = runs.at(-1);
    const isNear = last && index - last.end < LIMITS.repairGapRows;
    if (isNear && index - last.start < LIMITS.snapshotRows) last.end = index;
    else runs.push({ start: index, end: index });
  }
  return runs.map(({ start, end }) => [ids[start - 1] ?? null, end - start + 1]);
}

async function fetchRun(
  ctx: SyncContext,
  { bucket, after, limit, epoch }: { bucket: string; after: string | null; limit: number; epoch: string },
  signal: AbortSignal,
): Promise<void> {
  const { cache, api, userId } = ctx;
  const query = { bucket, limit, ...(after === null ? {} : { after }) };
  const page = await fetchSnapshot(api, query, { signal, asUser: userId });
  mustSpeakToMe(ctx, page, epoch);
  await cache.transaction('rw', cache.points, cache.buckets, async () => {
    await putPoints(cache, page.points, (await followedNow(cache)).add(bucket), true);
  });
}
