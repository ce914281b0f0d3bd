import type { Point } from '../point.ts';
import type { Actor } from '../states.ts';

/** Who did a queued mutation, and when: what the local overlay needs to show its effect. */
export interface Doer {
  readonly userId: string;
  /** Moderator of the point's theme, as far as this device knows. */
  readonly isModerator: boolean;
}

/** The doer's part in a point, for the table of transitions. */
export function actorOn(point: Point | null, doer: Doer): Actor {
  return {
    isContributor: true,
    isAuthor: point?.mine ?? true,
    isModerator: doer.isModerator,
  };
}
