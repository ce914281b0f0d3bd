import type { ConfirmMutation } from '../mutation.ts';
import type { Point } from '../point.ts';

/** "Still there" counts at once; "not found" waits for a moderator and shows nothing new. */
export function applyConfirm(point: Point | null, confirm: ConfirmMutation): Point | null {
  if (!point || !confirm.found) return point;
  return {
    ...point,
    confirmations: { count: point.confirmations.count + 1, last_at: confirm.observed_at },
  };
}
