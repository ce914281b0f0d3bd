import type { Point } from '../../domain/point.ts';
import type { QueueKind } from '../../domain/queue-item.ts';

/** More than a point ever has; the server takes no longer list. */
const MOST_SEEN = 200;

/** The waiting photos that an item asks about: those of a report, or of no item, wait for another look. */
export function photosAsked(kind: QueueKind | null, { photos }: Pick<Point, 'photos'>): string[] {
  if (kind !== 'new' && kind !== 'edit' && kind !== 'photo') return [];
  return photos.filter(({ state }) => state !== 'published').map(({ id }) => id);
}

/** The waiting photos that a decision saw: one that arrives meanwhile waits for another look. */
export function photosSeen(kind: QueueKind | null, point: Pick<Point, 'photos'>): { photos_seen: string[] } {
  return { photos_seen: photosAsked(kind, point).slice(0, MOST_SEEN) };
}
