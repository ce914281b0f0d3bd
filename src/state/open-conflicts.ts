import type { OutboxRow } from '../db/rows.ts';
import type { Json, JsonRecord } from '../domain/json.ts';
import type { Conflict, Point } from '../domain/point.ts';

/** One contribution of mine that met other values: it is settled as a whole, field by field. */
export interface OpenConflict {
  readonly mutationId: string;
  /** The point as it shows. */
  readonly point: Point;
  readonly conflicts: readonly Conflict[];
  /** When mine was done on this device; null when another device of mine did it. */
  readonly mineAt: string | null;
}

/** What is kept of each field. */
export type Choice = 'mine' | 'theirs';

/**
 * Everything of this person that waits for a choice: what the server keeps with the points, so that
 * it shows on each of their devices, and what this device alone knows of. Not what an edit that
 * waits here already settles.
 */
export function openConflicts(
  points: ReadonlyMap<string, Point>,
  rows: readonly OutboxRow[],
): readonly OpenConflict[] {
  const settled = new Set(
    rows.flatMap(({ mutation }) => (mutation.kind === 'edit' ? (mutation.resolves ?? []) : [])),
  );
  const open = new Map<string, OpenConflict>();
  for (const point of points.values()) {
    const own = point.conflicts.filter((one) => one.own !== false && !settled.has(one.mutation_id));
    for (const [mutationId, conflicts] of Map.groupBy(own, (one) => one.mutation_id)) {
      open.set(mutationId, { mutationId, point, conflicts, mineAt: null });
    }
  }
  for (const row of rows.filter((one) => one.state === 'conflict')) {
    const point = points.get(row.point_id);
    if (!point || settled.has(row.mutation_id)) continue;
    const conflicts = open.get(row.mutation_id)?.conflicts ?? row.conflicts ?? [];
    const mineAt = row.mutation.captured_at;
    if (conflicts.length > 0) {
      open.set(row.mutation_id, { mutationId: row.mutation_id, point, conflicts, mineAt });
    }
  }
  return [...open.values()];
}

/**
 * Base and patch of the edit that settles a conflict: a field kept as mine is proposed again over
 * the value that was shown as theirs, so that a third value since is a conflict again.
 */
export function settlement(
  conflicts: readonly Conflict[],
  choose: (field: string) => Choice,
): { base: JsonRecord; patch: JsonRecord } {
  const mine = conflicts.filter(({ field }) => choose(field) === 'mine');
  const values = (pick: (one: Conflict) => Json): JsonRecord =>
    Object.fromEntries(mine.map((one) => [one.field, pick(one)]));
  return { base: values((one) => one.theirs), patch: values((one) => one.mine) };
}
