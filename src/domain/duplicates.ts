import { distanceMeters } from './geo/distance.ts';
import { type Called, type Kinship, kinshipOf, type KinshipRule, kinshipRule } from './kinship.ts';
import { LIMITS } from './limits.ts';
import type { Geom, Point } from './point.ts';
import { givenName } from './point-title.ts';
import type { Theme } from './theme.ts';
import { fold } from './thesaurus/fold.ts';
import type { Thesaurus } from './thesaurus/tree.ts';

/** Why a known point may be the thing that is captured. */
export type Reason = Kinship | 'same_name';

export interface Candidate {
  readonly point: Point;
  readonly distanceMeters: number;
  readonly why: readonly Reason[];
}

type Place = Pick<Geom, 'lon' | 'lat' | 'accuracy_m'>;

/** What is compared: a thing, what it is, what it is called and where. */
export interface Comparable extends Called {
  readonly geom: Place;
}

/** The rule of duplicates of one theme. */
export interface DuplicateRule extends KinshipRule {
  readonly radiusMeters: number;
}

/** What is being captured. */
export interface Newcomer extends Comparable {
  readonly id: string;
  readonly theme: string;
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

/** The rule of a theme, from its settings. */
export function duplicateRule(theme: Theme | undefined): DuplicateRule {
  return { radiusMeters: duplicateRadius(theme), ...kinshipRule(theme) };
}

/** Whether two places are near enough: the radius of the theme widened by both accuracies. */
function isNear(a: Place, b: Place, { radiusMeters }: DuplicateRule): boolean {
  return distanceMeters(a, b) <= radiusMeters + accuracyReach(a) + accuracyReach(b);
}

/**
 * The rule of duplicates, the same in SQL (`private.may_be_same`) and whichever of the two is asked
 * about: near enough, and of terms that may name the same thing.
 */
export function mayBeSame(a: Comparable, b: Comparable, thesaurus: Thesaurus, rule: DuplicateRule): boolean {
  return isNear(a.geom, b.geom, rule) && kinshipOf(a, b, thesaurus, rule) !== null;
}

const STILL_THERE: readonly Point['status'][] = ['submitted', 'to_complete', 'published'];

/**
 * Points that may be the one being captured, nearest first: as many as are shown, without those that the person
 * has settled already. Those must not take the place of one that was never shown.
 */
export function findDuplicates(
  newcomer: Newcomer,
  points: Iterable<Point>,
  thesaurus: Thesaurus,
  theme: Theme | undefined,
  settled: ReadonlySet<string> = new Set(),
): Candidate[] {
  const rule = duplicateRule(theme);
  const found: Candidate[] = [];
  for (const point of points) {
    if (point.id === newcomer.id || settled.has(point.id) || point.theme !== newcomer.theme) continue;
    if (!STILL_THERE.includes(point.status) || !isNear(newcomer.geom, point.geom, rule)) continue;
    const known = { concept: point.concept, name: givenName(point, theme) };
    const kinship = kinshipOf(newcomer, known, thesaurus, rule);
    if (!kinship) continue;
    const why = reasonsOf(kinship, newcomer, known);
    found.push({ point, distanceMeters: distanceMeters(newcomer.geom, point.geom), why });
  }
  return found.sort((a, b) => a.distanceMeters - b.distanceMeters).slice(0, LIMITS.duplicatesShown);
}

/** All that speaks for two things being one: that names are merely alike is told where it decides. */
function reasonsOf(kinship: Kinship, a: Called, b: Called): readonly Reason[] {
  if (!isSameName(a.name, b.name)) return [kinship];
  return kinship === 'similar_name' ? ['same_name'] : [kinship, 'same_name'];
}

function isSameName(a: string | null | undefined, b: string | null | undefined): boolean {
  return Boolean(a && b) && fold(a ?? '') === fold(b ?? '');
}
