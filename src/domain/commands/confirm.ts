import type { ConfirmMutation } from '../mutation.ts';
import { observedState } from '../observed.ts';
import type { Point } from '../point.ts';

/** "Still there" counts at once; "not found" waits for a moderator and shows nothing new. */
export function applyConfirm(point: Point | null, confirm: ConfirmMutation): Point | null {
  if (!point || !confirm.found) return point;
  const { confirmations: before } = point;
  const condition = observedState(confirm.condition);
  const told = condition === null ? {} : { condition, condition_at: confirm.observed_at };
  return {
    ...point,
    confirmations: { ...before, count: before.count + 1, last_at: confirm.observed_at, ...told },
  };
}
