import { distanceMeters } from './geo/distance.ts';
import { LIMITS } from './limits.ts';
import type { Geom, Point } from './point.ts';
import type { Theme } from './theme.ts';
import { fold } from './thesaurus/fold.ts';
import { isSameOrSibling, type Thesaurus } from './thesaurus/tree.ts';

/** Why a known point may be the thing that is captured. */
export type Reason = 'same_concept' | 'sibling_concept' | 'unnamed' | 'same_name';

export interface Candidate {
  readonly point: Point;
  readonly distanceMeters: number;
  readonly why: readonly Reason[];
}

type Place = Pick<Geom, 'lon' | 'lat' | 'accuracy_m'>;

/** What is compared: a thing, what it is and where. */
export interface Comparable {
  readonly concept: string | null;
  readonly geom: Place;
}

/** What is being captured. */
export interface Newcomer extends Comparable {
  readonly id: string;
  readonly theme: string;
  /** The name given to it, where its theme has names. */
  readonly name?: string | null;
}

/** Radius of a theme in which the same thing may already be known, in metres. */
export function duplicateRadius(theme: Theme | undefined): number {
  const own = theme?.settings['duplicate_radius_m'];
  return typeof own === 'number' ? own : LIMITS.duplicateRadiusMeters;
}

/** Metres by which the accuracy of a position widens the search. */
export function accuracyReach({ accuracy_m }: Place): number {
  return Math.min(accuracy_m ?? 0, LIMITS.duplicateAccuracyMaxMeters);
}

/**
 * The rule of duplicates, the same in SQL (`private.may_be_same`) and whichever of the two is asked
 * about: the same or a sibling concept, within the theme's radius widened by both accuracies.
 */
export function mayBeSame(a: Comparable, b: Comparable, thesaurus: Thesaurus, radiusMeters: number): boolean {
  const reach = radiusMeters + accuracyReach(a.geom) + accuracyReach(b.geom);
  return distanceMeters(a.geom, b.geom) <= reach && isSameOrSibling(thesaurus, a.concept, b.concept);
}

const STILL_THERE: readonly Point['status'][] = ['submitted', 'to_complete', 'published'];

/** Points that may be the one being captured, nearest first. `nameOf` gives the name of a known point. */
export function findDuplicates(
  newcomer: Newcomer,
  points: Iterable<Point>,
  thesaurus: Thesaurus,
  radiusMeters: number,
  nameOf: (point: Point) => string | null = () => null,
): Candidate[] {
  const found: Candidate[] = [];
  for (const point of points) {
    if (point.id === newcomer.id || point.theme !== newcomer.theme) continue;
    if (!STILL_THERE.includes(point.status)) continue;
    if (!mayBeSame(newcomer, point, thesaurus, radiusMeters)) continue;
    const why = [
      kinshipOf(newcomer, point),
      ...(isSameName(newcomer.name, nameOf(point)) ? ['same_name' as const] : []),
    ];
    found.push({ point, distanceMeters: distanceMeters(newcomer.geom, point.geom), why });
  }
  return found.sort((a, b) => a.distanceMeters - b.distanceMeters).slice(0, LIMITS.duplicatesShown);
}

function kinshipOf(a: Comparable, b: Comparable): Reason {
  if (a.concept === null || b.concept === null) return 'unnamed';
  return a.concept === b.concept ? 'same_concept' : 'sibling_concept';
}

function isSameName(a: string | null | undefined, b: string | null): boolean {
  return Boolean(a && b) && fold(a ?? '') === fold(b ?? '');
}
