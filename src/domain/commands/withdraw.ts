import type { WithdrawMutation } from '../mutation.ts';
import type { Point } from '../point.ts';
import { transition } from '../states.ts';
import { actorOn, type Doer } from './actor.ts';

/** The author takes back an unpublished point, or a revision that waits beside a published one. */
export function applyWithdraw(point: Point | null, withdraw: WithdrawMutation, doer: Doer): Point | null {
  if (!point) return null;
  if (withdraw.revision_id !== undefined) {
    const pending = point.pending.filter((one) => one.revision_id !== withdraw.revision_id);
    return { ...point, pending };
  }
  const outcome = transition(point.status, actorOn(point, doer), withdraw);
  if (!outcome.allowed || outcome.to === 'before') return point;
  return { ...point, status: outcome.to };
}
