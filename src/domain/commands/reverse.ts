import type { Json, JsonRecord } from '../json.ts';
import type { Mutation } from '../mutation.ts';
import { normalizeValue, readPaths } from '../paths.ts';
import type { Point } from '../point.ts';
import type { Draft } from './make.ts';

const UNPUBLISHED: readonly Point['status'][] = ['draft', 'submitted', 'to_complete'];

/**
 * What undoes a mutation that has arrived, as far as its author may: a point not yet published is
 * withdrawn, a proposal that waits too, an edit of one's own unpublished point goes back to what was
 * there, field by field, unless something else is there now. Null when there is no way back.
 */
export function reverseOf(sent: Mutation, point: Point | null): Draft | null {
  if (!point) return null;
  const { id: point_id, theme } = point;
  const isOwnUnpublished = point.mine && UNPUBLISHED.includes(point.status);
  if (sent.kind === 'create' && isOwnUnpublished) return { kind: 'withdraw', point_id, theme };
  if (sent.kind !== 'edit') return null;
  const revision = point.pending.find((one) => one.mine && one.state === 'pending');
  if (revision?.revision_id === sent.mutation_id) {
    return { kind: 'withdraw', point_id, theme, revision_id: sent.mutation_id };
  }
  if (!isOwnUnpublished) return null;
  const current = readPaths(point, Object.keys(sent.patch));
  const stillMine = Object.keys(sent.patch).filter((path) => isSame(current[path], sent.patch[path]));
  if (stillMine.length === 0) return null;
  const only = (values: JsonRecord) =>
    Object.fromEntries(stillMine.map((path): [string, Json] => [path, values[path] ?? null]));
  return {
    kind: 'edit',
    point_id,
    theme,
    base_rev: point.rev,
    base: only(sent.patch),
    patch: only(sent.base),
  };
}

function isSame(a: Json | undefined, b: Json | undefined): boolean {
  return JSON.stringify(normalizeValue(a ?? null)) === JSON.stringify(normalizeValue(b ?? null));
}
