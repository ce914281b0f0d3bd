import type { DecideMutation } from '../mutation.ts';
import { writePatch } from '../paths.ts';
import type { Point } from '../point.ts';
import { transition } from '../states.ts';
import { actorOn, type Doer } from './actor.ts';

/** The point after a decision, as the moderator's device shows it until the server has answered. */
export function applyDecide(point: Point | null, decide: DecideMutation, doer: Doer): Point | null {
  if (!point) return null;
  const outcome = transition(point.status, actorOn(point, doer), decide);
  if (!outcome.allowed) return point;
  const corrected = decide.correction ? writePatch(point, decide.correction.patch) : point;
  const decided: Point = {
    ...withRevision(corrected, decide),
    decision: {
      decision: decide.decision,
      reason: decide.reason ?? null,
      comment: decide.comment ?? null,
      at: decide.captured_at,
    },
  };
  // What a duplicate was before is the server's memory: shown once it has answered.
  if (outcome.to === 'before' || decide.revision_id !== undefined) return decided;
  return { ...decided, status: outcome.to, duplicate_of: decide.duplicate_of ?? decided.duplicate_of };
}

function withRevision(point: Point, decide: DecideMutation): Point {
  const revision = point.pending.find((one) => one.revision_id === decide.revision_id);
  if (!revision) return point;
  const pending = point.pending.filter((one) => one !== revision);
  if (decide.decision !== 'publish') return { ...point, pending };
  const accepted = Object.entries(revision.patch).filter(
    ([path]) => !decide.fields || decide.fields.includes(path),
  );
  return { ...writePatch(point, Object.fromEntries(accepted)), pending };
}
