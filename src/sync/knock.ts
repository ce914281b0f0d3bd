import { problemOf } from '../domain/problems.ts';
import type { SyncContext } from './context.ts';
import { Outgoing } from './outgoing.ts';
import { refreshMe } from './refresh-me.ts';

const NOBODY_ANSWERS = ['offline', 'timeout'];

/**
 * Where the road is likely to be closed, asks the server for something before anything is sent: what
 * is sent can never be changed again, nor taken back without a trace, even when it did not arrive.
 * Throws the ProblemError of a server that does not answer.
 */
export async function knock(ctx: SyncContext, signal: AbortSignal): Promise<void> {
  if (!ctx.isRoadDoubtful?.()) return;
  if ((await new Outgoing(ctx, () => false).next()) === null) return;
  try {
    await refreshMe(ctx, true, signal);
  } catch (cause) {
    // Any other answer is one: the push says what is wrong.
    if (NOBODY_ANSWERS.includes(problemOf(cause).code)) throw cause;
  }
}
