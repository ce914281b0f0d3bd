import type { Json, JsonRecord } from './json.ts';
import { sameValue } from './merge.ts';
import { attributePath, type Content, type Path, readPath } from './paths.ts';

export interface FieldChange {
  readonly path: Path;
  readonly before: Json;
  readonly after: Json;
  readonly kind: 'added' | 'changed' | 'deleted';
}

/** Every path that either content gives a value to, in a stable order. */
function pathsOf(...contents: Content[]): Path[] {
  const keys = new Set(contents.flatMap((content) => Object.keys(content.attributes)));
  return ['concept', 'geom', 'sensitivity', ...[...keys].sort().map(attributePath)];
}

/** What changed between two contents, field by field. */
export function diff(before: Content, after: Content): FieldChange[] {
  return diffValues(
    pathsOf(before, after),
    (path) => readPath(before, path),
    (path) => readPath(after, path),
  );
}

/** Base and patch that lead from one content to another: what an edit carries. */
export function patchBetween(before: Content, after: Content): { base: JsonRecord; patch: JsonRecord } {
  const changes = diff(before, after);
  return {
    base: Object.fromEntries(changes.map((change) => [change.path, change.before])),
    patch: Object.fromEntries(changes.map((change) => [change.path, change.after])),
  };
}

function diffValues(
  paths: readonly Path[],
  before: (path: Path) => Json,
  after: (path: Path) => Json,
): FieldChange[] {
  return paths.flatMap((path): FieldChange[] => {
    const [from, to] = [before(path), after(path)];
    if (sameValue(path, from, to)) return [];
    const kind = from === null ? 'added' : to === null ? 'deleted' : 'changed';
    return [{ path, before: from, after: to, kind }];
  });
}
