import { withStores } from '../db/guard.ts';
import { type Problem, problemOf } from '../domain/problems.ts';
import type { SyncContext } from './context.ts';
import { Outgoing } from './outgoing.ts';
import { sendPhotos } from './photos.ts';
import { forgetOldReceipts } from './forget.ts';
import { pull } from './pull.ts';
import { push } from './push.ts';
import { reconcile } from './reconcile.ts';
import type { RunnerReport } from './report.ts';
import { reviveShown } from './revive.ts';

/** Problems after which nothing else can go through either. */
const ROAD_IS_CLOSED = [
  'offline',
  'timeout',
  'auth_required',
  'wrong_user',
  'unreadable_answer',
  'server_error',
  'rate_limited',
  'storage_closed',
  'cancelled',
];

/**
 * One whole round: what I did leaves, photos follow, what others did comes. A step that fails for
 * its own reasons (charter, one bad photo) does not prevent the next. Returns the first problem.
 */
export async function runRound(
  ctx: SyncContext,
  signal: AbortSignal,
  tell: (phase: RunnerReport['phase']) => void,
): Promise<Problem | null> {
  let first: Problem | null = null;
  const attempt = async (phase: RunnerReport['phase'], step: () => Promise<unknown>) => {
    if (first && ROAD_IS_CLOSED.includes(first.code)) return;
    tell(phase);
    try {
      // A connection that died is opened again, a full device makes room: then once more.
      await withStores([ctx.precious, ctx.cache], step);
    } catch (cause) {
      first ??= problemOf(cause);
      if (problemOf(cause).code === 'unknown') console.error(cause);
    }
  };
  const isDataWaiting = async () => (await new Outgoing(ctx, () => false).next()) !== null;
  await attempt('pushing', () => push(ctx, signal));
  await attempt('photos', () => sendPhotos(ctx, signal, isDataWaiting));
  let isPulled = false;
  await attempt('pulling', async () => {
    const incomplete = await pull(ctx, signal);
    first ??= incomplete;
    isPulled = incomplete === null;
  });
  if (isPulled) await attempt('pulling', () => reviveShown(ctx));
  await attempt('pulling', () => reconcile(ctx, signal));
  // Only a pull tells the server's clock: by this phone's alone, receipts of a day might look old.
  if (isPulled) await attempt('pulling', () => forgetOldReceipts(ctx));
  return first;
}
