import { type PullAnswer, pullBuckets, type PullQuery } from '../api/pull.ts';
import type { Cache } from '../db/cache.ts';
import { noteServerTime } from '../db/clock.ts';
import { cellBucketOf, dropBucket, putPoints } from '../db/points.ts';
import type { BucketRow } from '../db/rows.ts';
import { inSlices } from '../db/slices.ts';
import { LIMITS } from '../domain/limits.ts';
import { problem, type Problem, ProblemError } from '../domain/problems.ts';
import { followedNow, wantedBuckets } from './buckets.ts';
import type { SyncContext } from './context.ts';
import { refreshMe } from './refresh-me.ts';
import { requeueForgotten } from './requeue.ts';
import { closeResolved } from './resolved.ts';
import { isCell, isFull, makeRoom, weightOf } from './room.ts';
import { takeSnapshot } from './snapshot.ts';

interface Epochs {
  readonly epoch?: string;
  readonly visibility_epoch?: string | number;
}

/**
 * Brings the cache up to date: deltas of what is known, and what is new from its beginning in the
 * same calls; snapshots of what the server voided. Never touches what is precious, but for queuing
 * again what a restored server forgot. Returns a problem that does not prevent going on (a stalled
 * server), or null. Throws ProblemError.
 */
export async function pull(ctx: SyncContext, signal: AbortSignal): Promise<Problem | null> {
  await refreshMe(ctx, false, signal);
  await unfollow(ctx);
  let resyncs = 0;
  let stalled: Problem | null = null;
  for (;;) {
    const { visibility_epoch: view } = await epochsOf(ctx);
    const answer = await pullPages(ctx, signal);
    if (answer.resync.length > 0 && ++resyncs > LIMITS.resyncRounds) {
      throw new ProblemError('server_error', 'resync without end');
    }
    stalled = answer.stalled_s ? problem('server_busy', `${answer.stalled_s} s`) : null;
    // A role that ended takes what it showed along in this very round.
    if (answer.resync.length > 0 || answer.visibility_epoch !== view) await unfollow(ctx);
    const isVoid = await snapshotVoided(ctx, answer.epoch, signal);
    // My points, once here, tell of further cells to follow.
    const isNew = (await newBuckets(ctx)).length > 0;
    if (!isVoid && !isNew && answer.resync.length === 0) break;
  }
  await closeResolved(ctx);
  return stalled;
}

/** Page after page, the next one on its way while one is written. Returns the last answer. */
async function pullPages(ctx: SyncContext, signal: AbortSignal): Promise<PullAnswer> {
  let query = await firstQuery(ctx);
  let answer = await ask(ctx, query, signal);
  for (;;) {
    const next = nextQuery(query, answer, await isFull(ctx));
    const ahead = next && ask(ctx, next, signal);
    // Heard below, unless this page cannot be written: then nobody waits for the next.
    ahead?.catch(() => undefined);
    await noteServerTime(ctx.cache, ctx.now(), answer.server_time);
    await requeueForgotten(ctx, answer.epoch, signal);
    await refreshMe(ctx, answer.visibility_epoch !== query.visibility_epoch, signal);
    await write(ctx, answer);
    if (!next || !ahead) return answer;
    [query, answer] = [next, await ahead];
  }
}

async function ask(ctx: SyncContext, query: PullQuery, signal: AbortSignal): Promise<PullAnswer> {
  const answer = await pullBuckets(ctx.api, query, { signal, asUser: ctx.userId });
  if (answer.user_id !== ctx.userId) throw new ProblemError('wrong_user', 'pull');
  return answer;
}

/** All that is followed; a bucket without a cursor comes from its beginning, the words all at once. */
async function firstQuery(ctx: SyncContext): Promise<PullQuery> {
  const { cache } = ctx;
  const rows = await cache.buckets.toArray();
  const isPhoneFull = await isFull(ctx);
  const known = rows.flatMap((row) => {
    // A cell that a full phone has left half-way stays so.
    const isHalf = isPhoneFull && isCell(row.id) && row.complete_at === null;
    return row.cursor && !isHalf ? [{ id: row.id, cursor: row.cursor }] : [];
  });
  const isEmpty = (await cache.points.limit(1).count()) === 0;
  return {
    ...(await epochsOf(ctx)),
    buckets: [...known, ...(await newBuckets(ctx)).map((id) => ({ id }))],
    limit: isEmpty ? LIMITS.firstPullRows : LIMITS.pullRows,
  };
}

/**
 * What a page has left to bring, or null when that was all, or when the server voided something. A
 * full phone goes on with no cell.
 */
function nextQuery(query: PullQuery, answer: PullAnswer, isPhoneFull: boolean): PullQuery | null {
  const { epoch, visibility_epoch, resync } = answer;
  const buckets = answer.next
    .filter(({ id, more }) => more && !(isPhoneFull && isCell(id)))
    .map(({ id, cursor }) => (cursor === null ? { id } : { id, cursor }));
  const isSameView = query.visibility_epoch === undefined || query.visibility_epoch === visibility_epoch;
  if (buckets.length === 0 || resync.length > 0 || !isSameView) return null;
  return { epoch, visibility_epoch, buckets, limit: LIMITS.pullRows };
}

/**
 * Buckets to follow of which nothing is known yet, as far as there is room. What waits for a
 * decision depends on what the person may decide, not on what changed: it comes by snapshot.
 */
async function newBuckets(ctx: SyncContext): Promise<string[]> {
  const { cache } = ctx;
  const rows = await cache.buckets.toArray();
  // Words have no snapshot: once voided, they come again from their beginning.
  const known = new Set(rows.filter((row) => row.id !== 't' || row.cursor !== null).map((row) => row.id));
  const wanted = await wantedBuckets(ctx);
  const missing = wanted.filter((id) => id !== 'm:me' && !known.has(id));
  const nearest = missing.find(isCell);
  return !nearest || (await makeRoom(ctx, wanted, nearest)) ? missing : missing.filter((id) => !isCell(id));
}

async function epochsOf({ cache }: SyncContext): Promise<Epochs> {
  return ((await cache.meta.get('epochs'))?.value ?? {}) as Epochs;
}

/** Rows and cursors in one transaction: the cursor never tells more than what was written. */
function write({ cache, now }: SyncContext, answer: PullAnswer): Promise<void> {
  const { epoch, visibility_epoch } = answer;
  const { points, concepts, themes, buckets, seen, meta, reviews, review_photos } = cache;
  const tables = [points, concepts, themes, buckets, seen, meta, reviews, review_photos];
  return cache.transaction('rw', tables, async () => {
    const voided = new Set([...answer.resync, ...(await heldUnderAnother(cache, epoch, visibility_epoch))]);
    await cache.meta.put({ key: 'epochs', value: { epoch, visibility_epoch } });
    const begun = answer.next.flatMap((one) => (one.cursor === null ? [] : one.id));
    await putPoints(cache, answer.changed, new Set([...(await followedNow(cache)), ...begun]));
    await inSlices(answer.gone, (ids) => cache.points.bulkDelete([...ids]));
    await inSlices(answer.concepts, (concepts) => cache.concepts.bulkPut(concepts));
    await cache.themes.bulkPut(answer.themes);
    for (const { id, cursor, more } of answer.next) {
      if (voided.has(id) || cursor === null) continue;
      const before = await cache.buckets.get(id);
      const complete_at = more ? (before?.complete_at ?? null) : now().toISOString();
      // What changes later replaces rows that were weighed.
      const isBeginning = isCell(id) && !before?.complete_at;
      const brought = isBeginning ? answer.changed.filter((point) => cellBucketOf(point) === id) : [];
      const weight = (before?.weight ?? 0) + weightOf(brought);
      await cache.buckets.put({ id, cursor, horizon: null, after: null, complete_at, weight });
    }
    // The rows stay until a new snapshot is complete: an interrupted one forgets nothing.
    for (const id of voided) {
      await cache.buckets.put({ id, cursor: null, horizon: null, after: null, complete_at: null, weight: 0 });
      await cache.seen.where('bucket').equals(id).delete();
    }
  });
}

/**
 * Buckets that another life of the server brought, or that came to who could see other things: all
 * of them. A later page names only those that had more to bring, and a snapshot half-way or a cell
 * that a full phone has left is asked for by none. Row counters of another life say nothing of
 * which is newer.
 */
async function heldUnderAnother(cache: Cache, epoch: string, visibility: string | number): Promise<string[]> {
  const before = ((await cache.meta.get('epochs'))?.value ?? {}) as Epochs;
  if (before.epoch === epoch && before.visibility_epoch === visibility) return [];
  if (before.epoch !== undefined && before.epoch !== epoch) {
    await cache.points.toCollection().modify((row) => {
      Object.assign(row, { point: { ...row.point, v: 0 } });
    });
  }
  // What was taken along was for who moderates: nobody else reads it.
  if (before.visibility_epoch !== undefined && before.visibility_epoch !== visibility) {
    await Promise.all([cache.reviews.clear(), cache.review_photos.clear()]);
  }
  return cache.buckets.toCollection().primaryKeys();
}

/** Takes the snapshots that the server asks for, nearest cells first. Returns whether any was completed. */
async function snapshotVoided(ctx: SyncContext, epoch: string, signal: AbortSignal): Promise<boolean> {
  const { cache } = ctx;
  const wanted = (await wantedBuckets(ctx)).filter((id) => id !== 't');
  const rows = await cache.buckets.bulkGet(wanted);
  const isVoid = (row: BucketRow | undefined, id: string) => (row ? !row.cursor : id === 'm:me');
  const voided = wanted.filter((id, index) => isVoid(rows[index], id));
  let taken = 0;
  for (const id of voided) {
    const hasRoom = () => (isCell(id) ? makeRoom(ctx, wanted, id) : Promise.resolve(true));
    // A cell too heavy for what is left stays begun, with what it brought.
    if (await takeSnapshot(ctx, id, epoch, signal, hasRoom)) taken += 1;
  }
  return taken > 0;
}

/** Lets go of cells that are no longer around anything of mine. */
async function unfollow(ctx: SyncContext): Promise<void> {
  const { cache } = ctx;
  const wanted = new Set(await wantedBuckets(ctx));
  const followed = await cache.buckets.toCollection().primaryKeys();
  for (const id of followed.filter((one) => !wanted.has(one))) {
    await dropBucket(cache, id);
  }
}
