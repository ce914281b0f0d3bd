import { distanceMeters } from './geo/distance.ts';
import { LIMITS } from './limits.ts';
import type { Geom, Point } from './point.ts';
import type { Theme } from './theme.ts';
import { isSameOrSibling, type Thesaurus } from './thesaurus/tree.ts';

export interface Candidate {
  readonly point: Point;
  readonly distanceMeters: number;
}

/** What is being captured. */
export interface Newcomer {
  readonly id: string;
  readonly theme: string;
  readonly concept: string | null;
  readonly geom: Pick<Geom, 'lon' | 'lat' | 'accuracy_m'>;
}

/** Radius of a theme in which the same thing may already be known, in metres. */
export function duplicateRadius(theme: Theme | undefined): number {
  const own = theme?.settings['duplicate_radius_m'];
  return typeof own === 'number' ? own : LIMITS.duplicateRadiusMeters;
}

const STILL_THERE: readonly Point['status'][] = ['draft', 'submitted', 'to_complete', 'published'];

/**
 * Points that may be the one being captured, nearest first: same theme, same or sibling concept,
 * within the theme's radius widened by the accuracy of the position.
 */
export function findDuplicates(
  newcomer: Newcomer,
  points: Iterable<Point>,
  thesaurus: Thesaurus,
  radiusMeters: number,
): Candidate[] {
  const accuracy = Math.min(newcomer.geom.accuracy_m ?? 0, LIMITS.duplicateAccuracyMaxMeters);
  const found: Candidate[] = [];
  for (const point of points) {
    if (point.id === newcomer.id || point.theme !== newcomer.theme) continue;
    if (!STILL_THERE.includes(point.status)) continue;
    const distance = distanceMeters(newcomer.geom, point.geom);
    if (distance > radiusMeters + accuracy) continue;
    if (!isSameOrSibling(thesaurus, newcomer.concept, point.concept)) continue;
    found.push({ point, distanceMeters: distance });
  }
  return found.sort((a, b) => a.distanceMeters - b.distanceMeters).slice(0, LIMITS.duplicatesShown);
}
