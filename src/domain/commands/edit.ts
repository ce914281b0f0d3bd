import type { EditMutation } from '../mutation.ts';
import { writePatch } from '../paths.ts';
import type { Point } from '../point.ts';
import { transition } from '../states.ts';
import { actorOn, type Doer } from './actor.ts';

/**
 * The point after an edit, as this device shows it: the new content, or a pending revision beside
 * the public one. Conflicts that the edit resolves go.
 */
export function applyEdit(point: Point | null, edit: EditMutation, doer: Doer): Point | null {
  if (!point) return null;
  const resolved = withoutResolved(point, edit.resolves);
  const outcome = transition(point.status, actorOn(point, doer), edit);
  if (!outcome.allowed || outcome.to === 'before') return resolved;
  if (outcome.effect === 'applied') return { ...writePatch(resolved, edit.patch), status: outcome.to };
  return { ...resolved, pending: withRevision(resolved, edit) };
}

function withoutResolved(point: Point, resolves: readonly string[] | undefined): Point {
  if (!resolves?.length) return point;
  const conflicts = point.conflicts.filter((one) => !resolves.includes(one.mutation_id));
  return { ...point, conflicts };
}

/** One live revision per author and point: a further edit replaces it by the union (contract §3). */
function withRevision(point: Point, edit: EditMutation): Point['pending'] {
  const mine = point.pending.find((one) => one.mine && one.state === 'pending');
  const revision = {
    revision_id: edit.mutation_id,
    base_rev: edit.base_rev,
    base: { ...edit.base, ...mine?.base },
    patch: { ...mine?.patch, ...edit.patch },
    state: 'pending',
    mine: true,
  };
  return [...point.pending.filter((one) => one !== mine), revision];
}

/** The edit that undoes an edit: what was wanted becomes what was seen. */
export function revertEdit(
  edit: EditMutation,
  identity: Pick<EditMutation, 'mutation_id' | 'captured_at' | 'base_rev'>,
): EditMutation {
  return {
    ...identity,
    v: 1,
    kind: 'edit',
    point_id: edit.point_id,
    ...(edit.theme === undefined ? {} : { theme: edit.theme }),
    ...(edit.form_rev === undefined ? {} : { form_rev: edit.form_rev }),
    base: edit.patch,
    patch: edit.base,
  };
}
