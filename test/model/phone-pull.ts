import type { PullAnswer, SnapshotAnswer } from '../../src/api/pull.ts';
import type { SentRow } from '../../src/db/rows.ts';
import { LIMITS } from '../../src/domain/limits.ts';
import type { Mutation } from '../../src/domain/mutation.ts';
import { problemOf, ProblemError } from '../../src/domain/problems.ts';
import { followedNow, putPoints, releasePoints } from './phone-cache.ts';
import type { Phone } from './phone.ts';
import { call, receive, send } from './phone-steps.ts';
import { pull as pullFrom, type PullRequest, snapshot } from './server-read.ts';
import { cellBucket, cellOf, cellsAround } from './state.ts';
import type { Steps } from './tab.ts';
import type { World } from './world.ts';

/** src/sync/pull.ts */
export function* pull(world: World, phone: Phone): Steps<void> {
  if (phone.isModerator === null) yield* refreshMe(world, phone);
  yield* unfollow(phone);
  let resyncs = 0;
  for (;;) {
    const view = phone.epochs.visibility;
    const answer = yield* pullPages(world, phone);
    if (answer.resync.length > 0 && ++resyncs > LIMITS.resyncRounds) throw new ProblemError('server_error');
    if (answer.resync.length > 0 || answer.visibility_epoch !== view) yield* unfollow(phone);
    const isVoid = yield* snapshotVoided(world, phone, answer.epoch);
    if (!isVoid && newBuckets(phone).length === 0 && answer.resync.length === 0) break;
  }
  yield* closeResolved(phone);
}

type Query = Omit<PullRequest, 'user'>;

/** Page after page, the next one on its way while one is written. */
function* pullPages(world: World, phone: Phone): Steps<PullAnswer> {
  const { user } = phone;
  const ask = (query: Query) => send(world, () => ({ answer: pullFrom(world.server, { user, ...query }) }));
  let query = firstQuery(world, phone);
  let answer = yield* receive(phone, ask(query));
  for (;;) {
    const next = nextQuery(query, answer);
    const ahead = next && ask(next);
    yield* requeueForgotten(world, phone, answer.epoch);
    if (answer.visibility_epoch !== query.visibility) yield* refreshMe(world, phone);
    yield* write(world, phone, answer);
    if (!next || !ahead) return answer;
    [query, answer] = [next, yield* receive(phone, ahead)];
  }
}

/** All that is followed; a bucket without a cursor comes from its beginning. */
function firstQuery(world: World, phone: Phone): Query {
  const known = [...phone.buckets.values()].flatMap(({ id, cursor }) => (cursor ? [{ id, cursor }] : []));
  const begun = newBuckets(phone).map((id) => ({ id }));
  return { ...phone.epochs, buckets: [...known, ...begun], limit: world.options.page };
}

function nextQuery(query: Query, answer: PullAnswer): Query | null {
  const { epoch, visibility_epoch: visibility, resync } = answer;
  const buckets = answer.next
    .filter((one) => one.more)
    .map(({ id, cursor }) => (cursor === null ? { id } : { id, cursor }));
  const isSameView = query.visibility === undefined || query.visibility === visibility;
  if (buckets.length === 0 || resync.length > 0 || !isSameView) return null;
  return { epoch, visibility, buckets, limit: query.limit };
}

/** Buckets to follow of which nothing is known yet. What waits for a decision comes by snapshot. */
function newBuckets(phone: Phone): string[] {
  return wantedBuckets(phone).filter((id) => id !== 'm:me' && !phone.buckets.has(id));
}

/** src/sync/buckets.ts: mine, what waits for me, then the cells around my points. */
export function wantedBuckets(phone: Phone): string[] {
  const cells = new Set<string>();
  for (const { mutation } of phone.outbox) {
    if (mutation.kind !== 'create') continue;
    for (const cell of cellsAround(cellOf(mutation.patch['geom'] as never))) cells.add(cell);
  }
  for (const row of phone.points.values()) {
    if (!row.held.includes('u:me')) continue;
    for (const cell of cellsAround(cellOf(row.point.geom))) cells.add(cell);
  }
  return ['u:me', ...(phone.isModerator ? ['m:me'] : []), ...[...cells].map(cellBucket)];
}

function* refreshMe(world: World, phone: Phone): Steps<void> {
  const me = yield* call(world, phone, () => ({
    answer: {
      user_id: phone.user as string,
      moderates: (world.server.scopes.get(phone.user) ?? []).length > 0,
    },
  }));
  phone.isModerator = me.moderates;
  yield null;
}

function* unfollow(phone: Phone): Steps<void> {
  const wanted = new Set(wantedBuckets(phone));
  for (const id of [...phone.buckets.keys()].filter((one) => !wanted.has(one))) {
    releasePoints(phone, id);
    phone.seen.delete(id);
    phone.buckets.delete(id);
    yield null;
  }
}

/** Rows and cursors in one step: the cursor never tells more than what was written (I7). */
function* write(world: World, phone: Phone, answer: PullAnswer): Steps<void> {
  const voided = new Set([...answer.resync, ...heldUnderAnother(phone, answer)]);
  phone.epochs = { epoch: answer.epoch, visibility: answer.visibility_epoch };
  for (const { id, cursor } of answer.next) {
    if (cursor !== null && !voided.has(id)) setBucket(phone, id, { cursor });
  }
  if (world.mutant === 'cursor_before_rows') yield null;
  const begun = answer.next.flatMap((one) => (one.cursor === null ? [] : one.id));
  putPoints(phone, answer.changed, new Set([...followedNow(phone), ...begun]));
  if (world.mutant !== 'gone_ignored') for (const id of answer.gone) phone.points.delete(id);
  for (const id of voided) {
    setBucket(phone, id, {});
    phone.seen.delete(id);
  }
  yield null;
}

/** All that came from another life of the server, or under another view. Rows of another life count as old. */
function heldUnderAnother({ epochs, points, buckets }: Phone, answer: PullAnswer): string[] {
  if (epochs.epoch === answer.epoch && epochs.visibility === answer.visibility_epoch) return [];
  if (epochs.epoch !== undefined && epochs.epoch !== answer.epoch) {
    for (const [id, row] of points) points.set(id, { ...row, point: { ...row.point, v: 0 } });
  }
  return [...buckets.keys()];
}

type Progress = Partial<Record<'cursor' | 'horizon' | 'after', string | null>>;

function setBucket(
  phone: Phone,
  id: string,
  { cursor = null, horizon = null, after = null }: Progress,
): void {
  phone.buckets.set(id, { id, cursor, horizon, after, complete_at: null });
}

/** Takes the snapshots that the server asks for. Returns whether there were any. */
function* snapshotVoided(world: World, phone: Phone, epoch: string): Steps<boolean> {
  const voided = wantedBuckets(phone).filter((id) => {
    const row = phone.buckets.get(id);
    return row ? !row.cursor : id === 'm:me';
  });
  for (const id of voided) yield* takeSnapshot(world, phone, id, epoch);
  return voided.length > 0;
}

/** src/sync/snapshot.ts */
function* takeSnapshot(world: World, phone: Phone, bucket: string, epoch: string): Steps<void> {
  for (;;) {
    const progress = phone.buckets.get(bucket);
    if (progress?.cursor) return;
    const { after = null, horizon = null } = progress ?? {};
    const page = yield* snapshotPage(world, phone, bucket, { after, horizon }, epoch);
    if (page.epoch !== epoch) throw new ProblemError('unreadable_answer');
    putPoints(phone, page.points, followedNow(phone).add(bucket), true);
    const seen = phone.seen.get(bucket) ?? new Set();
    phone.seen.set(bucket, new Set([...seen, ...page.points.map((point) => point.id)]));
    if (page.next) setBucket(phone, bucket, { horizon: page.horizon, after: page.next });
    else complete(phone, bucket, page.horizon);
    yield null;
  }
}

function* snapshotPage(
  world: World,
  phone: Phone,
  bucket: string,
  progress: { after: string | null; horizon: string | null },
  epoch: string,
): Steps<SnapshotAnswer> {
  const { user } = phone;
  const limit = world.options.page;
  try {
    return yield* call(world, phone, () => ({
      answer: snapshot(world.server, { user, bucket, ...progress, limit }),
    }));
  } catch (cause) {
    const isEmpty = problemOf(cause).code === 'unreadable_answer';
    if (world.mutant !== 'empty_answer_trusted' || !isEmpty) throw cause;
    return { epoch, user_id: user, horizon: progress.horizon ?? '0', points: [], next: null };
  }
}

function complete(phone: Phone, bucket: string, cursor: string): void {
  const brought = phone.seen.get(bucket);
  releasePoints(phone, bucket, (id) => !!brought?.has(id));
  phone.seen.delete(bucket);
  setBucket(phone, bucket, { cursor });
}

/** src/sync/requeue.ts */
export function* requeueForgotten(world: World, phone: Phone, epoch: string): Steps<void> {
  const known = phone.knownEpoch;
  if (known === epoch) return;
  const forgotten = known === null ? [] : yield* forgottenBy(world, phone, epoch);
  if (world.mutant !== 'sent_forgotten') requeue(phone, forgotten);
  const photosEpoch = phone.photosEpoch ?? (known || epoch);
  if (photosEpoch !== epoch) offerStoredAgain(phone);
  phone.photosEpoch = epoch;
  if (phone.knownEpoch === known) phone.knownEpoch = epoch;
  yield null;
}

function offerStoredAgain({ photos }: Phone): void {
  for (const photo of photos.values()) {
    if (photo.state === 'stored')
      photos.set(photo.id, { ...photo, state: 'local', attempts: 0, not_before: 0 });
  }
}

function* forgottenBy(world: World, phone: Phone, epoch: string): Steps<SentRow[]> {
  const accepted = [...phone.sent.values()]
    .filter((row) => row.epoch !== epoch && row.status !== 'rejected')
    .sort((a, b) => (a.n ?? 0) - (b.n ?? 0));
  const { unknown } = yield* call(world, phone, () => ({
    answer: { unknown: accepted.filter((row) => !world.server.tables.receipts.has(row.mutation_id)) },
  }));
  return unknown;
}

function requeue(phone: Phone, forgotten: readonly SentRow[]): void {
  const first = phone.ordered()[0]?.n ?? 1;
  const points = new Set(forgotten.map((sent) => sent.point_id));
  for (const [index, sent] of forgotten.entries()) {
    const waiting = phone.row(sent.mutation_id);
    if (waiting && waiting.state !== 'conflict') continue;
    phone.forget(sent.mutation_id);
    phone.outbox.push({
      n: first - forgotten.length + index,
      mutation_id: sent.mutation_id,
      user_id: sent.user_id,
      point_id: sent.point_id,
      kind: sent.kind,
      mutation: JSON.parse(sent.payload) as Mutation,
      frozen: sent.payload,
      state: 'queued',
      attempts: 1,
      last_problem: null,
      not_before: 0,
      saved_at: sent.at,
    });
    phone.sent.delete(sent.mutation_id);
  }
  for (const row of phone.outbox) {
    const isOrphan = row.state === 'refused' && row.last_problem?.code === 'unknown_point';
    if (isOrphan && points.has(row.point_id)) {
      phone.change(row.mutation_id, { state: 'queued', last_problem: null, not_before: 0 });
    }
  }
}

/** src/sync/resolved.ts */
function* closeResolved(phone: Phone): Steps<void> {
  for (const row of phone.outbox.filter((one) => one.state === 'conflict')) {
    const known = phone.points.get(row.point_id);
    if (!known || known.point.conflicts.some((one) => one.mutation_id === row.mutation_id)) continue;
    phone.forget(row.mutation_id);
    yield null;
  }
}
