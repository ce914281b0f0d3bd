import { distanceMeters } from './geo/distance.ts';
import { type Json, jsonEquals, type JsonRecord } from './json.ts';
import { LIMITS } from './limits.ts';
import { normalizeValue, type Path } from './paths.ts';
import { geomSchema } from './point.ts';

interface MergeConflict {
  readonly field: Path;
  readonly base: Json;
  readonly mine: Json;
  readonly theirs: Json;
}

export interface Merge {
  /** What to write over the server's values. */
  readonly apply: JsonRecord;
  /** Fields where the server moved to something else: its value stays, mine is kept beside. */
  readonly conflicts: readonly MergeConflict[];
}

/**
 * Whether two values of a field are the same. Positions are when they are nearer than the larger
 * accuracy (at least 1 m): below that no instrument tells them apart.
 */
export function sameValue(path: Path, left: Json, right: Json): boolean {
  const [a, b] = [normalizeValue(left), normalizeValue(right)];
  if (path !== 'geom') return jsonEquals(a, b);
  const [from, to] = [geomSchema.safeParse(a), geomSchema.safeParse(b)];
  if (!from.success || !to.success) return jsonEquals(a, b);
  const tolerance = Math.max(
    from.data.accuracy_m ?? 0,
    to.data.accuracy_m ?? 0,
    LIMITS.positionToleranceMeters,
  );
  return distanceMeters(from.data, to.data) <= tolerance;
}

const asSet = (value: Json): Json[] => (Array.isArray(value) ? value : value === null ? [] : [value]);

/** Three-way merge of lists seen as sets: what I added is in, what I took away is out. */
export function mergeSets(base: Json, mine: Json, theirs: Json): Json {
  const [before, after, current] = [base, mine, theirs].map((v) => asSet(normalizeValue(v)));
  const has = (list: Json[] | undefined, item: Json) => !!list?.some((one) => jsonEquals(one, item));
  const kept = (current ?? []).filter((item) => !has(before, item) || has(after, item));
  const added = (after ?? []).filter((item) => !has(before, item) && !has(kept, item));
  return normalizeValue([...kept, ...added]);
}

/**
 * Merges a patch per field on base values (contract §3): server = base → mine; server = mine →
 * nothing; else conflict on that field alone. `isSet` tells the fields of type `choices`.
 */
export function mergePatch(
  server: (path: Path) => Json,
  base: JsonRecord,
  patch: JsonRecord,
  isSet: (path: Path) => boolean = () => false,
): Merge {
  const apply: JsonRecord = {};
  const conflicts: MergeConflict[] = [];
  for (const [field, value] of Object.entries(patch)) {
    const mine = normalizeValue(value);
    const before = normalizeValue(base[field]);
    const theirs = normalizeValue(server(field));
    if (sameValue(field, theirs, before)) apply[field] = mine;
    else if (sameValue(field, theirs, mine)) continue;
    else if (isSet(field)) apply[field] = mergeSets(before, mine, theirs);
    else conflicts.push({ field, base: before, mine, theirs });
  }
  return { apply, conflicts };
}
