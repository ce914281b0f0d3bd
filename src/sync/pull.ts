import { type PullAnswer, pullBuckets } from '../api/pull.ts';
import type { Cache } from '../db/cache.ts';
import { putPoints, releasePoints } from '../db/points.ts';
import { LIMITS } from '../domain/limits.ts';
import { problem, type Problem, ProblemError } from '../domain/problems.ts';
import { followedNow, wantedBuckets } from './buckets.ts';
import type { SyncContext } from './context.ts';
import { refreshMe } from './refresh-me.ts';
import { requeueForgotten } from './requeue.ts';
import { closeResolved } from './resolved.ts';
import { takeSnapshot } from './snapshot.ts';

interface Epochs {
  readonly epoch?: string;
  readonly visibility_epoch?: string | number;
}

/**
 * Brings the cache up to date: deltas of what is known, snapshots of what is not. Never touches
 * what is precious, but for queuing again what a restored server forgot. Returns a problem that
 * does not prevent going on (a stalled server), or null. Throws ProblemError.
 */
export async function pull(ctx: SyncContext, signal: AbortSignal): Promise<Problem | null> {
  await refreshMe(ctx, false, signal);
  await unfollow(ctx);
  let resyncs = 0;
  let stalled: Problem | null = null;
  for (;;) {
    const answer = await pullOnce(ctx, signal);
    if (answer.resync.length > 0 && ++resyncs > LIMITS.resyncRounds) {
      throw new ProblemError('server_error', 'resync without end');
    }
    // A role that ended takes what it showed along in this very round.
    if (answer.resync.length > 0) await unfollow(ctx);
    stalled = answer.stalled_s ? problem('server_busy', `${answer.stalled_s} s`) : null;
    const isNew = await snapshotMissing(ctx, answer.epoch, signal);
    const isMore = answer.next.some((one) => one.more) || answer.resync.length > 0;
    if (!isNew && !isMore) break;
  }
  await closeResolved(ctx);
  return stalled;
}

async function pullOnce(ctx: SyncContext, signal: AbortSignal): Promise<PullAnswer> {
  const { cache } = ctx;
  const rows = await cache.buckets.toArray();
  const known = rows.flatMap((row) => (row.cursor ? [{ id: row.id, cursor: row.cursor }] : []));
  // Without a cursor, the words come whole and all at once; points come by snapshot.
  const buckets = known.some((one) => one.id === 't') ? known : [{ id: 't' }, ...known];
  const epochs = await epochsOf(ctx);
  const query = { ...epochs, buckets, limit: LIMITS.pullRows };
  const answer = await pullBuckets(ctx.api, query, { signal, asUser: ctx.userId });
  if (answer.user_id !== ctx.userId) throw new ProblemError('wrong_user', 'pull');
  await requeueForgotten(ctx, answer.epoch, signal);
  await refreshMe(ctx, answer.visibility_epoch !== epochs.visibility_epoch, signal);
  await write(ctx, answer);
  return answer;
}

async function epochsOf({ cache }: SyncContext): Promise<Epochs> {
  return ((await cache.meta.get('epochs'))?.value ?? {}) as Epochs;
}

/** Rows and cursors in one transaction: the cursor never tells more than what was written. */
function write({ cache, now }: SyncContext, answer: PullAnswer): Promise<void> {
  const { epoch, visibility_epoch } = answer;
  const tables = [cache.points, cache.concepts, cache.themes, cache.buckets, cache.seen, cache.meta];
  return cache.transaction('rw', tables, async () => {
    const voided = new Set([...answer.resync, ...(await begunUnder(cache, epoch, visibility_epoch))]);
    await cache.meta.put({ key: 'epochs', value: { epoch, visibility_epoch } });
    await putPoints(cache, answer.changed, await followedNow(cache));
    await cache.points.bulkDelete(answer.gone);
    await cache.concepts.bulkPut(answer.concepts);
    await cache.themes.bulkPut(answer.themes);
    for (const { id, cursor, more } of answer.next) {
      if (voided.has(id) || cursor === null) continue;
      const complete_at = more ? null : now().toISOString();
      await cache.buckets.put({ id, cursor, horizon: null, after: null, complete_at });
    }
    // The rows stay until a new snapshot is complete: an interrupted one forgets nothing.
    for (const id of voided) {
      await cache.buckets.put({ id, cursor: null, horizon: null, after: null, complete_at: null });
      await cache.seen.where('bucket').equals(id).delete();
    }
  });
}

/**
 * Buckets whose snapshot was begun in another life of the server, or by who could see other things:
 * what is missing cannot complete it. Row counters of another life say nothing of which is newer.
 */
async function begunUnder(cache: Cache, epoch: string, visibility: string | number): Promise<string[]> {
  const before = ((await cache.meta.get('epochs'))?.value ?? {}) as Epochs;
  if (before.epoch === epoch && before.visibility_epoch === visibility) return [];
  if (before.epoch !== undefined && before.epoch !== epoch) {
    await cache.points.toCollection().modify((row) => {
      Object.assign(row, { point: { ...row.point, v: 0 } });
    });
  }
  const rows = await cache.buckets.toArray();
  return rows.filter((row) => row.cursor === null).map((row) => row.id);
}

/** Takes the snapshots that are missing, nearest cells first. Returns whether there were any. */
async function snapshotMissing(ctx: SyncContext, epoch: string, signal: AbortSignal): Promise<boolean> {
  const { cache } = ctx;
  const done = new Set<string>();
  for (;;) {
    // Asked anew each time: my points, once here, tell which cells to follow.
    const wanted = (await wantedBuckets(ctx)).filter((id) => id !== 't' && !done.has(id));
    const rows = await cache.buckets.bulkGet(wanted);
    const next = wanted.find((_, index) => !rows[index]?.cursor);
    if (!next) return done.size > 0;
    if (next.startsWith('c:') && (await cache.points.count()) > LIMITS.cachePoints) return done.size > 0;
    await takeSnapshot(ctx, next, epoch, signal);
    done.add(next);
  }
}

/** Lets go of cells that are no longer around anything of mine. */
async function unfollow(ctx: SyncContext): Promise<void> {
  const { cache } = ctx;
  const wanted = new Set(await wantedBuckets(ctx));
  const followed = await cache.buckets.toCollection().primaryKeys();
  for (const id of followed.filter((one) => !wanted.has(one))) {
    await cache.transaction('rw', cache.points, cache.buckets, cache.seen, async () => {
      await releasePoints(cache, id);
      await cache.seen.where('bucket').equals(id).delete();
      await cache.buckets.delete(id);
    });
  }
}
