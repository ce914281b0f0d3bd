import { EPOCH_CHANGED, pushMutations } from '../api/push.ts';
import { callsOf, closeCall } from '../db/calls.ts';
import { noteServerTime } from '../db/clock.ts';
import { knownEpoch } from '../db/meta.ts';
import { updateOutbox } from '../db/outbox.ts';
import type { OutboxRow } from '../db/rows.ts';
import { LIMITS } from '../domain/limits.ts';
import { type Problem, problemOf, ProblemError } from '../domain/problems.ts';
import { acknowledge, type Answered } from './acknowledge.ts';
import { backoffMs } from './backoff.ts';
import type { SyncContext } from './context.ts';
import { freeze, type Leaving } from './freeze.ts';
import { knock } from './knock.ts';
import { inLanes } from './lanes.ts';
import { Outgoing } from './outgoing.ts';
import { requeueForgotten } from './requeue.ts';

/** What a push round remembers: nothing is tried twice in it, and what is stuck holds its point. */
interface Round {
  readonly signal: AbortSignal;
  readonly tried: Set<string>;
  readonly stuckPoints: Set<string>;
  /** Life of the server that all of it is meant for: the first that answers, when none is known. */
  epoch: string | null;
  /** Another life, which answered instead. */
  otherEpoch: string | null;
  settled: number;
  /** The latest save that the outbox held, and when one later than the round's beginning was seen. */
  latest: number;
  savedAt: number;
  failuresInARow: number;
  /** What ended the round, as it was thrown: a store that died or is full is for who runs the round to mend. */
  stop: Error | null;
}

/** Failures that may say something about the batch rather than about the road: an answer too long for a proxy, too. */
const MAY_BE_POISON = ['timeout', 'too_large', 'server_error', 'invalid_argument', 'unreadable_answer'];

/**
 * Sends everything that may leave. A server put back from a backup takes nothing meant for its
 * former life: what it has forgotten is queued again first, in its place. Returns how many
 * mutations the server settled. Throws the ProblemError that ended the round early, if any.
 */
export async function push(ctx: SyncContext, signal: AbortSignal): Promise<number> {
  // Calls that the app's death cut: nobody waits for their answers any more. Without network too: what they
  // carried is seen to have left.
  for (const { id } of await callsOf(ctx.precious, ctx.userId)) await closeCall(ctx.precious, id);
  await knock(ctx, signal);
  let settled = 0;
  for (let lives = 0; lives <= LIMITS.resyncRounds; lives++) {
    const round = await pushToOneLife(ctx, signal);
    settled += round.settled;
    if (round.otherEpoch === null) return settled;
    await requeueForgotten(ctx, round.otherEpoch, signal);
  }
  throw new ProblemError('server_error', 'epochs without end');
}

/**
 * Up to four calls at once on disjoint points: a call that ends is followed by the next, whatever
 * the others do.
 */
async function pushToOneLife(ctx: SyncContext, signal: AbortSignal): Promise<Round> {
  const round: Round = {
    signal,
    // Read before the rows: what another tab queues again meanwhile is not overtaken.
    epoch: await knownEpoch(ctx.precious, ctx.userId),
    otherEpoch: null,
    tried: new Set(),
    stuckPoints: new Set(),
    settled: 0,
    latest: Infinity,
    savedAt: -Infinity,
    failuresInARow: 0,
    stop: null,
  };
  const isHeld = (row: OutboxRow) => round.stuckPoints.has(row.point_id) || round.tried.has(row.mutation_id);
  for (;;) {
    const outgoing = new Outgoing(ctx, isHeld);
    await inLanes(
      () => lanesNow(ctx, round),
      () => sendNext(ctx, round, outgoing),
    );
    if (round.stop) throw round.stop;
    if (round.otherEpoch !== null || !outgoing.hasGiven) return round;
  }
}

/**
 * Who saves while the app sends is served first: one call at a time leaves the device to them. It begins with one, after
 * which it is known whether somebody does.
 */
function lanesNow(ctx: SyncContext, round: Round): number {
  if (round.settled === 0) return 1;
  return ctx.now().getTime() - round.savedAt < LIMITS.atWorkMs ? 1 : LIMITS.pushLanes;
}

/** Sends the next batch. Answers false when none is left or something stops the round. Never rejects. */
async function sendNext(ctx: SyncContext, round: Round, outgoing: Outgoing): Promise<boolean> {
  try {
    const batch = await outgoing.next();
    if (!batch) return false;
    round.settled += await sendBatch(ctx, round, batch);
    outgoing.release(batch);
  } catch (cause) {
    round.stop ??= cause instanceof Error ? cause : new Error(String(cause));
  }
  return !round.stop && round.otherEpoch === null;
}

/** Sends one batch, halving it while it may hold a poison. Returns how many were settled. */
async function sendBatch(ctx: SyncContext, round: Round, batch: readonly OutboxRow[]): Promise<number> {
  const leaving = await freeze(
    ctx.precious,
    batch.filter((row) => !round.stuckPoints.has(row.point_id)),
  );
  if (!leaving) return 0;
  const { call, rows, latest } = leaving;
  if (latest > round.latest) round.savedAt = ctx.now().getTime();
  round.latest = latest;
  for (const row of rows) round.tried.add(row.mutation_id);
  try {
    return await sendCall(ctx, round, leaving);
  } catch (cause) {
    await closeCall(ctx.precious, call);
    const why = problemOf(cause);
    if (!MAY_BE_POISON.includes(why.code) || round.signal.aborted) throw cause;
    if (rows.length > 1) {
      const half = Math.ceil(rows.length / 2);
      const first = await sendBatch(ctx, round, rows.slice(0, half));
      return first + (await sendBatch(ctx, round, rows.slice(half)));
    }
    await isolate(ctx, round, rows, why);
    return 0;
  }
}

/** The poison is alone: it and its point wait, the others go on. */
async function isolate(
  ctx: SyncContext,
  round: Round,
  rows: readonly OutboxRow[],
  why: Problem,
): Promise<void> {
  for (const row of rows) {
    round.stuckPoints.add(row.point_id);
    // Too large for the server even alone: waiting would not help it.
    const state = why.code === 'too_large' ? ('refused' as const) : row.state;
    const { attempts } = row;
    const not_before = ctx.now().getTime() + backoffMs(attempts, ctx.chance);
    await updateOutbox(ctx.precious, row.mutation_id, { state, attempts, not_before, last_problem: why });
  }
  round.failuresInARow += 1;
  // Everything fails: it is not one mutation, it is the server or the road.
  if (round.failuresInARow >= LIMITS.failuresInARow) throw new ProblemError(why);
}

async function sendCall(ctx: SyncContext, round: Round, { call, rows }: Leaving): Promise<number> {
  const texts = rows.map((row) => row.frozen);
  const options = { signal: round.signal, asUser: ctx.userId };
  const answer = await pushMutations(ctx.api, ctx.sender, texts, round.epoch, options);
  if (answer.user_id !== ctx.userId) throw new ProblemError('wrong_user', 'push');
  await noteServerTime(ctx.cache, ctx.now(), answer.server_time);
  round.failuresInARow = 0;
  if (answer.results.some(({ code }) => code === EPOCH_CHANGED)) {
    round.otherEpoch = answer.epoch;
    await closeCall(ctx.precious, call);
    return 0;
  }
  round.epoch ??= answer.epoch;
  const results = new Map(answer.results.map((result) => [result.mutation_id, result]));
  const answered: Answered[] = [];
  for (const row of rows) {
    const result = results.get(row.mutation_id);
    // No word about it: it stays and is sent again, under the same id.
    if (result) answered.push({ row, result });
    else round.stuckPoints.add(row.point_id);
  }
  const outcomes = await acknowledge(ctx, call, answered, answer.epoch);
  const refused = new Set<string>();
  for (const [index, { row, result }] of answered.entries()) {
    const outcome = outcomes[index];
    // What is refused has left the queue: what it held goes in the next walk of this round.
    if (outcome?.done && result.status === 'rejected') refused.add(row.point_id);
    const isFree = refused.has(row.point_id) && (outcome?.done || result.code === 'blocked');
    if (isFree) round.tried.delete(row.mutation_id);
    if (!outcome || outcome.done || isFree) continue;
    round.stuckPoints.add(row.point_id);
    if (outcome.stop) round.stop ??= new ProblemError(outcome.stop);
  }
  return outcomes.filter((outcome) => outcome.done).length;
}
