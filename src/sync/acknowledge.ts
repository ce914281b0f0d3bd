import type { PushResult } from '../api/push.ts';
import { knownEpoch, setKnownEpoch } from '../db/meta.ts';
import { callTables, closeCall } from '../db/calls.ts';
import { deleteFromOutbox, updateOutbox } from '../db/outbox.ts';
import { putPoints } from '../db/points.ts';
import type { OutboxRow, SentRow } from '../db/rows.ts';
import { inSlices } from '../db/slices.ts';
import { randomBytes } from '../device/random.ts';
import { redo } from '../domain/commands/redo.ts';
import { LIMITS } from '../domain/limits.ts';
import { problem, type Problem, problemOfCode } from '../domain/problems.ts';
import { backoffMs } from './backoff.ts';
import { textOf } from './batches.ts';
import { followedNow } from './buckets.ts';
import { serverNow } from './clock.ts';
import type { SyncContext } from './context.ts';
import { inTurn } from './in-turn.ts';

/** What a result means for the rows of the same point that follow. */
export type Acknowledged = { readonly done: true } | { readonly done: false; readonly stop: Problem | null };

/** A row that was sent, and what the server said of it. */
export interface Answered {
  readonly row: OutboxRow;
  readonly result: PushResult;
}

/** What a result changes on this phone: rows that go, the one that stays changed, what is kept of it. */
interface Verdict {
  readonly outcome: Acknowledged;
  readonly receipt?: SentRow;
  /** Of the row that goes, in the outbox. */
  readonly place?: number;
  /** Conflicts that go with it. */
  readonly resolved?: readonly string[];
  readonly changes?: Partial<OutboxRow>;
}

/** Which life of the server answered, and when by its clock. */
interface Told {
  readonly epoch: string;
  readonly at: Date;
}

const DONE: Acknowledged = { done: true };

/** No life of a server: receipts of several are to be compared with what the present one knows. */
const UNSURE = '';

/**
 * Gives the results of a call their path on the phone, and answers theirs in the same order. The
 * server's rows go into the cache first, then the receipts are kept, then the outbox rows go, so that
 * at every instant one of them is there. One transaction each for the whole call: its rows arrived
 * together. Cut between them, the rows are sent again under the same ids and answered the same.
 */
export async function acknowledge(
  ctx: SyncContext,
  call: number,
  answered: readonly Answered[],
  epoch: string,
): Promise<Acknowledged[]> {
  const { cache, precious, userId } = ctx;
  const told = { epoch, at: await serverNow(ctx) };
  const verdicts = answered.map((one) => ({ ...verdict(ctx, one, told), id: one.row.mutation_id }));
  const receipts = verdicts.flatMap(({ receipt }) => receipt ?? []);
  const settled = verdicts.flatMap(({ place }) => place ?? []);
  const turn = (write: () => Promise<void>) => inTurn(precious, write);

  const points = answered.flatMap(({ result }) => result.point ?? []);
  await turn(() =>
    cache.transaction('rw', cache.points, cache.buckets, async () => {
      await putPoints(cache, points, await followedNow(cache));
    }),
  );
  // Without holding the outbox: saves wait for what does.
  await turn(() =>
    precious.transaction('rw', precious.sent, precious.meta, async () => {
      await inSlices(receipts, (slice) => precious.sent.bulkPut(slice));
      const known = await knownEpoch(precious, userId);
      // Answered by a life of the server that is not the one known: the next call asks about all.
      if (known !== epoch) await setKnownEpoch(precious, userId, known === null ? epoch : UNSURE);
    }),
  );
  await turn(() =>
    precious.transaction('rw', callTables(precious), async () => {
      await closeCall(precious, call, settled);
      await deleteFromOutbox(precious, ...verdicts.flatMap(({ resolved }) => resolved ?? []));
      for (const { id, changes } of verdicts) if (changes) await updateOutbox(precious, id, changes);
    }),
  );
  return verdicts.map(({ outcome }) => outcome);
}

function verdict(ctx: SyncContext, { row, result }: Answered, told: Told): Verdict {
  switch (result.status) {
    case 'applied':
    case 'merged':
    case 'pending': {
      const resolved = row.mutation.kind === 'edit' ? (row.mutation.resolves ?? []) : [];
      return {
        outcome: DONE,
        receipt: receipt(row, result, told),
        ...(row.n === undefined ? {} : { place: row.n }),
        resolved,
      };
    }
    case 'conflict':
      return {
        outcome: DONE,
        receipt: receipt(row, result, told),
        changes: {
          state: 'conflict',
          last_problem: problem('conflict'),
          conflicts: result.conflicts ?? [],
        },
      };
    case 'rejected':
      return rejected(ctx, row, result, told);
    case 'retry':
      return { outcome: { done: false, stop: null }, changes: postponed(ctx, row, result) };
  }
}

function receipt(row: OutboxRow, result: PushResult, { epoch, at }: Told): SentRow {
  return {
    mutation_id: row.mutation_id,
    user_id: row.user_id,
    point_id: row.point_id,
    kind: row.kind,
    payload: textOf(row),
    status: result.status === 'retry' ? 'rejected' : result.status,
    code: result.code ?? null,
    rev: result.rev ?? null,
    ...(row.n === undefined ? {} : { n: row.n }),
    at: at.toISOString(),
    epoch,
  };
}

/** Answers that are the same for every mutation, until the person or the app does something. */
const STOP_THE_ROUND = ['charter_required', 'client_too_old'];

function rejected(ctx: SyncContext, row: OutboxRow, result: PushResult, told: Told): Verdict {
  const why = problemOfCode(result.code, result.message ?? undefined);
  if (STOP_THE_ROUND.includes(why.code)) {
    return { outcome: { done: false, stop: why }, changes: { last_problem: why } };
  }
  // Another device with the same backup or draft has said something else under this id, or made this point.
  const isSaidElsewhere = row.kind === 'create' && why.code === 'invalid_transition';
  if (why.code === 'payload_mismatch' || isSaidElsewhere) {
    const last_problem = problem('payload_mismatch', why.details);
    const changes = { state: 'queued', frozen: null, attempts: 0, last_problem } as const;
    const mutation = redo(row.mutation, ctx.now(), randomBytes);
    return {
      outcome: { done: false, stop: null },
      changes: { ...changes, mutation, kind: mutation.kind, mutation_id: mutation.mutation_id },
    };
  }
  return {
    // A create that was refused holds its point's queue; the batch maker sees to it.
    outcome: row.kind === 'create' ? { done: false, stop: null } : DONE,
    receipt: receipt(row, result, told),
    // When it may be tried again, where it is: see `reviveShown`.
    changes: { state: 'refused', last_problem: why, not_before: ctx.now().getTime() + LIMITS.longestWaitMs },
  };
}

function postponed(ctx: SyncContext, row: OutboxRow, result: PushResult): Partial<OutboxRow> {
  const seconds = result.retry_after_s;
  const wait = seconds != null ? seconds * 1_000 : backoffMs(row.attempts, ctx.chance);
  // Blocked by an earlier one of its point: it waits behind it, not on its own.
  const not_before = result.code === 'blocked' ? 0 : ctx.now().getTime() + wait;
  const last_problem = problemOfCode(result.code ?? 'busy', result.message ?? undefined);
  return { attempts: row.attempts, not_before, last_problem };
}
