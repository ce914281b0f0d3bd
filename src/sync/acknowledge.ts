import type { PushResult } from '../api/push.ts';
import { deleteFromOutbox, updateOutbox } from '../db/outbox.ts';
import { putPoints } from '../db/points.ts';
import type { OutboxRow, SentRow } from '../db/rows.ts';
import { problem, type Problem, problemOfCode } from '../domain/problems.ts';
import { backoffMs } from './backoff.ts';
import { followedNow } from './buckets.ts';
import type { SyncContext } from './context.ts';

/** What a result means for the rows of the same point that follow. */
export type Acknowledged = { readonly done: true } | { readonly done: false; readonly stop: Problem | null };

const DONE: Acknowledged = { done: true };

/**
 * Gives a result its path on the phone. Order matters: the server's row goes into the cache first,
 * then the outbox row goes, so that at every instant one of the two is there.
 */
export async function acknowledge(
  ctx: SyncContext,
  row: OutboxRow,
  result: PushResult,
  epoch: string,
): Promise<Acknowledged> {
  if (result.point) {
    const { cache } = ctx;
    const point = result.point;
    await cache.transaction('rw', cache.points, cache.buckets, async () => {
      await putPoints(cache, [point], await followedNow(cache));
    });
  }
  switch (result.status) {
    case 'applied':
    case 'merged':
    case 'pending':
      await settle(ctx, row, result, epoch);
      return DONE;
    case 'conflict':
      await keepConflict(ctx, row, result, epoch);
      return DONE;
    case 'rejected':
      return reject(ctx, row, result, epoch);
    case 'retry':
      return postpone(ctx, row, result);
  }
}

function receipt(ctx: SyncContext, row: OutboxRow, result: PushResult, epoch: string): SentRow {
  return {
    mutation_id: row.mutation_id,
    user_id: row.user_id,
    point_id: row.point_id,
    kind: row.kind,
    payload: row.frozen ?? JSON.stringify(row.mutation),
    status: result.status === 'retry' ? 'rejected' : result.status,
    code: result.code ?? null,
    rev: result.rev ?? null,
    at: ctx.now().toISOString(),
    epoch,
  };
}

function settle(ctx: SyncContext, row: OutboxRow, result: PushResult, epoch: string): Promise<void> {
  const { precious } = ctx;
  return precious.transaction('rw', precious.outbox, precious.sent, async () => {
    await precious.sent.put(receipt(ctx, row, result, epoch));
    await deleteFromOutbox(precious, row.mutation_id);
    const resolved = row.mutation.kind === 'edit' ? (row.mutation.resolves ?? []) : [];
    for (const id of resolved) await deleteFromOutbox(precious, id);
  });
}

function keepConflict(ctx: SyncContext, row: OutboxRow, result: PushResult, epoch: string): Promise<void> {
  const { precious } = ctx;
  return precious.transaction('rw', precious.outbox, precious.sent, async () => {
    await precious.sent.put(receipt(ctx, row, result, epoch));
    await updateOutbox(precious, row.mutation_id, {
      state: 'conflict',
      last_problem: problem('conflict'),
      conflicts: result.conflicts ?? [],
    });
  });
}

/** Answers that are the same for every mutation, until the person or the app does something. */
const STOP_THE_ROUND = ['charter_required', 'client_too_old'];

async function reject(
  ctx: SyncContext,
  row: OutboxRow,
  result: PushResult,
  epoch: string,
): Promise<Acknowledged> {
  const { precious } = ctx;
  const why = problemOfCode(result.code, result.message ?? undefined);
  if (STOP_THE_ROUND.includes(why.code)) {
    await updateOutbox(precious, row.mutation_id, { last_problem: why });
    return { done: false, stop: why };
  }
  await precious.transaction('rw', precious.outbox, precious.sent, async () => {
    await precious.sent.put(receipt(ctx, row, result, epoch));
    await updateOutbox(precious, row.mutation_id, { state: 'refused', last_problem: why });
  });
  // A create that was refused holds its point's queue; the batch maker sees to it.
  return row.kind === 'create' ? { done: false, stop: null } : DONE;
}

async function postpone(ctx: SyncContext, row: OutboxRow, result: PushResult): Promise<Acknowledged> {
  const seconds = result.retry_after_s;
  const wait = seconds != null ? seconds * 1_000 : backoffMs(row.attempts, ctx.chance);
  // Blocked by an earlier one of its point: it waits behind it, not on its own.
  const not_before = result.code === 'blocked' ? 0 : ctx.now().getTime() + wait;
  const last_problem = problemOfCode(result.code ?? 'busy', result.message ?? undefined);
  await updateOutbox(ctx.precious, row.mutation_id, { not_before, last_problem });
  return { done: false, stop: null };
}
