import { EPOCH_CHANGED } from '../../src/api/push.ts';
import type { OutboxRow } from '../../src/db/rows.ts';
import { LIMITS } from '../../src/domain/limits.ts';
import { type ProblemCode, problemOf, ProblemError } from '../../src/domain/problems.ts';
import { acknowledge } from './phone-acknowledge.ts';
import { Outgoing } from './phone-outgoing.ts';
import { sendPhotos } from './phone-photos.ts';
import { pull, requeueForgotten } from './phone-pull.ts';
import type { Phone } from './phone.ts';
import { backoff, call, together } from './phone-steps.ts';
import { beginPush } from './server-push.ts';
import type { Steps } from './tab.ts';
import type { World } from './world.ts';

// The engine of src/sync, written as steps. Its pure parts are the real ones; what talks to the
// disk and to the network follows the real code, function by function, under the same names.

const ROAD_IS_CLOSED: readonly ProblemCode[] = [
  'offline',
  'timeout',
  'wrong_user',
  'unreadable_answer',
  'server_error',
];
const MAY_BE_POISON: readonly ProblemCode[] = ['timeout', 'too_large', 'server_error'];

/** src/sync/round.ts */
export function* round(world: World, phone: Phone): Steps<ProblemCode | null> {
  let first: ProblemCode | null = null;
  for (const step of [push, sendPhotos, pull]) {
    if (first && ROAD_IS_CLOSED.includes(first)) break;
    try {
      yield* step(world, phone);
    } catch (cause) {
      if (!(cause instanceof ProblemError)) throw cause;
      first ??= cause.problem.code;
    }
  }
  return first;
}

interface Round {
  readonly tried: Set<string>;
  readonly stuckPoints: Set<string>;
  epoch: string | null;
  otherEpoch: string | null;
  failuresInARow: number;
}

/** src/sync/push.ts */
function* push(world: World, phone: Phone): Steps<void> {
  for (let lives = 0; lives <= LIMITS.resyncRounds; lives++) {
    const { otherEpoch } = yield* pushToOneLife(world, phone);
    if (otherEpoch === null) return;
    yield* requeueForgotten(world, phone, otherEpoch);
  }
  throw new ProblemError('server_error');
}

function* pushToOneLife(world: World, phone: Phone): Steps<Round> {
  const round: Round = {
    epoch: world.mutant === 'waiting_overtakes_forgotten' ? null : phone.knownEpoch,
    otherEpoch: null,
    tried: new Set(),
    stuckPoints: new Set(),
    failuresInARow: 0,
  };
  for (;;) {
    const outgoing = new Outgoing(world, phone, (row) => {
      return round.stuckPoints.has(row.point_id) || round.tried.has(row.mutation_id);
    });
    const lanes = Array.from({ length: LIMITS.pushLanes }, () => sendBatches(world, phone, round, outgoing));
    const failures = yield* together(phone, lanes);
    const failed = failures.find((one) => one !== null);
    if (failed) throw failed;
    if (round.otherEpoch !== null || !outgoing.hasGiven) return round;
  }
}

/** One call after the other, until nothing is left. */
function* sendBatches(world: World, phone: Phone, round: Round, outgoing: Outgoing): Steps<void> {
  while (round.otherEpoch === null) {
    const batch = outgoing.next();
    if (!batch) return;
    yield* sendBatch(world, phone, round, batch);
    outgoing.release(batch);
  }
}

function* sendBatch(world: World, phone: Phone, round: Round, batch: readonly OutboxRow[]): Steps<void> {
  const rows = yield* freeze(
    phone,
    batch.filter((row) => !round.stuckPoints.has(row.point_id)),
  );
  for (const row of rows) round.tried.add(row.mutation_id);
  if (rows.length === 0) return;
  try {
    yield* sendRows(world, phone, round, rows);
  } catch (cause) {
    const why = problemOf(cause);
    if (!MAY_BE_POISON.includes(why.code)) throw cause;
    if (rows.length > 1 && world.mutant !== 'poison_not_isolated') {
      const half = Math.ceil(rows.length / 2);
      yield* sendBatch(world, phone, round, rows.slice(0, half));
      yield* sendBatch(world, phone, round, rows.slice(half));
    } else {
      yield* isolate(world, phone, round, rows, cause);
    }
  }
}

/** src/sync/freeze.ts */
function* freeze(phone: Phone, rows: readonly OutboxRow[]): Steps<OutboxRow[]> {
  const frozen = rows.flatMap(({ mutation_id }) => {
    const row = phone.row(mutation_id);
    if (row?.state !== 'queued') return [];
    const next = { ...row, frozen: row.frozen ?? JSON.stringify(row.mutation), attempts: row.attempts + 1 };
    phone.change(mutation_id, next);
    return [next];
  });
  yield null;
  return frozen;
}

function* isolate(
  world: World,
  phone: Phone,
  round: Round,
  rows: readonly OutboxRow[],
  cause: unknown,
): Steps<void> {
  for (const row of rows) {
    round.stuckPoints.add(row.point_id);
    const not_before = world.hourOf(phone) + backoff(row.attempts);
    phone.change(row.mutation_id, { not_before });
    yield null;
  }
  round.failuresInARow += 1;
  if (round.failuresInARow >= LIMITS.failuresInARow) throw cause;
}

function* sendRows(world: World, phone: Phone, round: Round, rows: readonly OutboxRow[]): Steps<void> {
  const texts = rows.map((row) => row.frozen ?? '');
  const { epoch } = round;
  if (world.mutant === 'delete_before_ack') for (const row of rows) phone.forget(row.mutation_id);
  const answer = yield* call(world, phone, () => {
    if (rows.some((row) => row.mutation_id === world.poison)) throw new ProblemError('server_error');
    const request = { user: phone.user, device: phone.index, texts, epoch };
    const { tx, results } = beginPush(world.server, request);
    return { tx, answer: { epoch: String(world.server.epoch), user_id: phone.user as string, results } };
  });
  round.failuresInARow = 0;
  if (answer.results.some(({ code }) => code === EPOCH_CHANGED)) {
    round.otherEpoch = answer.epoch;
    return;
  }
  if (world.mutant !== 'waiting_overtakes_forgotten') round.epoch ??= answer.epoch;
  const results = new Map(answer.results.map((result) => [result.mutation_id, result]));
  const answered = rows.flatMap((row) => {
    const result = results.get(row.mutation_id);
    return result ? [{ row, result }] : [];
  });
  const isDone = yield* acknowledge(world, phone, answered, answer.epoch);
  for (const row of rows) if (!isDone.has(row.mutation_id)) round.stuckPoints.add(row.point_id);
}
