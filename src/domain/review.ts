import type { Decision } from './decision.ts';
import type { Json } from './json.ts';
import { readPath } from './paths.ts';
import type { PendingRevision, Point } from './point.ts';

/** What a queue item asks a moderator to look at. */
export type ReviewKind = 'new' | 'edit' | 'photo' | 'gone' | 'report';

/** One field of a proposed change: what is published, what is proposed, how they differ. */
export interface Change {
  readonly path: string;
  readonly before: Json;
  readonly after: Json;
  readonly sign: 'added' | 'changed' | 'deleted';
}

/** The fields that a pending edit would change on the point as it is published now. */
export function changesOf(point: Point, revision: PendingRevision): Change[] {
  return Object.entries(revision.patch).flatMap(([path, after]) => {
    const before = readPath(point, path);
    if (JSON.stringify(before) === JSON.stringify(after)) return [];
    const sign = before === null ? 'added' : after === null ? 'deleted' : 'changed';
    return [{ path, before, after, sign } as const];
  });
}

/** What a moderator may decide about an item, the usual one first. */
export function decisionsFor(kind: ReviewKind): readonly Decision[] {
  switch (kind) {
    case 'new':
      return ['publish', 'to_complete', 'duplicate', 'reject'];
    case 'edit':
    case 'photo':
      return ['publish', 'reject'];
    case 'gone':
    case 'report':
      return ['dismiss', 'destroy', 'archive'];
  }
}
