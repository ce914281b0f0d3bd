import { unknownReceipts } from '../api/pull.ts';
import { knownEpoch, knownPhotosEpoch, setKnownEpoch, setKnownPhotosEpoch } from '../db/meta.ts';
import { deleteFromOutbox, outboxRow, receiptsOf } from '../db/outbox.ts';
import { offerStoredAgain } from '../db/photos.ts';
import type { Precious } from '../db/precious.ts';
import type { OutboxRow, SentRow } from '../db/rows.ts';
import { LIMITS } from '../domain/limits.ts';
import { type Mutation, mutationSchema } from '../domain/mutation.ts';
import { ProblemError } from '../domain/problems.ts';
import { serverNow } from './clock.ts';
import type { SyncContext } from './context.ts';

const DAY_MS = 86_400_000;

/**
 * A server with another epoch was restored from a backup: what it does not know any more of the
 * last 30 days is queued again, as it was sent, in its order, before what waits; photos are offered again.
 */
export async function requeueForgotten(ctx: SyncContext, epoch: string, signal: AbortSignal): Promise<void> {
  const { precious, userId } = ctx;
  const known = await knownEpoch(precious, userId);
  if (known === epoch) return;
  const isOfAnother = (row: SentRow) => row.epoch !== epoch;
  const forgotten = known === null ? [] : (await forgottenBy(ctx, isOfAnother, signal)).unknown;
  const since = new Date((await serverNow(ctx)).getTime() - LIMITS.sentKeptDays * DAY_MS);
  const tables = [precious.outbox, precious.sent, precious.photos, precious.meta];
  await precious.transaction('rw', tables, async () => {
    await requeue(precious, forgotten);
    // Not the epoch of mutations, which a push may have put in doubt: photos bear none of their own.
    const photosEpoch = (await knownPhotosEpoch(precious, userId)) ?? (known || epoch);
    if (photosEpoch !== epoch) await offerStoredAgain(precious, userId, since);
    await setKnownPhotosEpoch(precious, userId, epoch);
    // Another tab was answered meanwhile by the server's former life: asked again next time.
    if ((await knownEpoch(precious, userId)) === known) await setKnownEpoch(precious, userId, epoch);
  });
}

/**
 * Asks the server which of the last 30 days' receipts it knows, and queues again what it does not.
 * Returns how many it was asked about and how many it had forgotten.
 */
export async function askReceipts(
  ctx: SyncContext,
  isAsked: (row: SentRow) => boolean,
  signal: AbortSignal,
): Promise<{ asked: number; forgotten: number }> {
  const { precious } = ctx;
  const { asked, unknown } = await forgottenBy(ctx, isAsked, signal);
  await precious.transaction('rw', precious.outbox, precious.sent, () => requeue(precious, unknown));
  return { asked, forgotten: unknown.length };
}

/** What was accepted and is unknown to the server now, in local order. */
async function forgottenBy(
  ctx: SyncContext,
  isAsked: (row: SentRow) => boolean,
  signal: AbortSignal,
): Promise<{ asked: number; unknown: SentRow[] }> {
  const { precious, userId } = ctx;
  const sent = await receiptsOf(precious, userId);
  const accepted = sent
    .filter((row) => isAsked(row) && row.status !== 'rejected')
    .sort((a, b) => (a.n ?? 0) - (b.n ?? 0) || a.mutation_id.localeCompare(b.mutation_id));
  const unknown = new Set<string>();
  for (let from = 0; from < accepted.length; from += LIMITS.receiptsAsked) {
    const ids = accepted.slice(from, from + LIMITS.receiptsAsked).map((row) => row.mutation_id);
    const answer = await unknownReceipts(ctx.api, ids, { signal, asUser: userId });
    if (answer.user_id !== userId) throw new ProblemError('wrong_user', 'receipts');
    for (const id of answer.unknown) unknown.add(id);
  }
  return { asked: accepted.length, unknown: accepted.filter((row) => unknown.has(row.mutation_id)) };
}

async function requeue(precious: Precious, forgotten: readonly SentRow[]): Promise<void> {
  const first = (await precious.outbox.orderBy('n').first())?.n ?? 1;
  for (const [index, sent] of forgotten.entries()) {
    const waiting = await outboxRow(precious, sent.mutation_id);
    const mutation = mutationSchema.safeParse(JSON.parse(sent.payload));
    // A conflict that the server forgot is no conflict any more: it is sent like the others.
    if ((waiting && waiting.state !== 'conflict') || !mutation.success) continue;
    if (waiting) await deleteFromOutbox(precious, sent.mutation_id);
    // Numbers below the first: an edit that waits must not overtake its create.
    await precious.outbox.put(again(sent, mutation.data, first - forgotten.length + index));
    await precious.sent.delete(sent.mutation_id);
  }
  const points = new Set(forgotten.map((sent) => sent.point_id));
  await precious.outbox
    .where('point_id')
    .anyOf([...points])
    .and((row) => row.state === 'refused' && row.last_problem?.code === 'unknown_point')
    .modify({ state: 'queued', last_problem: null, not_before: 0 });
}

function again(sent: SentRow, mutation: Mutation, n: number): OutboxRow {
  return {
    n,
    mutation_id: sent.mutation_id,
    user_id: sent.user_id,
    point_id: sent.point_id,
    kind: sent.kind,
    mutation,
    frozen: sent.payload,
    state: 'queued',
    attempts: 1,
    last_problem: null,
    not_before: 0,
    saved_at: sent.at,
  };
}
