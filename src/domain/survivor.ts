import type { JsonRecord } from './json.ts';
import { sameValue } from './merge.ts';
import { attributePath, type Path, readPath } from './paths.ts';
import type { Point } from './point.ts';

/** Which of two points keeps its id, and why. */
export interface Survivor {
  readonly stays: Point;
  readonly goes: Point;
  readonly why: 'published' | 'richer' | 'older';
  /** Whether the other one could stay instead. */
  readonly isFree: boolean;
}

/** How much a point says: answers, photos, and people who saw it again. */
function richness(point: Point): number {
  const answers = Object.values(point.attributes).filter((one) => one !== null && one !== '').length;
  return answers + 2 * point.photos.length + point.confirmations.count + (point.concept === null ? 0 : 1);
}

/**
 * The point that should stay of two that are the same thing: a published one first (its address is
 * known outside), then the one that says more, then the older. A published point never goes into
 * one that is not. What the server told of two that may both stay (`told`) goes first.
 */
export function suggestSurvivor(
  a: Point,
  b: Point,
  told?: Pick<Survivor, 'why'> & { readonly id: string },
): Survivor {
  const isPublished = (point: Point) => point.status === 'published';
  if (isPublished(a) !== isPublished(b)) {
    const [stays, goes] = isPublished(a) ? [a, b] : [b, a];
    return { stays, goes, why: 'published', isFree: false };
  }
  if (told) {
    const [stays, goes] = told.id === b.id ? [b, a] : [a, b];
    return { stays, goes, why: told.why, isFree: true };
  }
  const difference = richness(a) - richness(b);
  if (difference !== 0) {
    const [stays, goes] = difference > 0 ? [a, b] : [b, a];
    return { stays, goes, why: 'richer', isFree: true };
  }
  const [stays, goes] = a.id <= b.id ? [a, b] : [b, a];
  return { stays, goes, why: 'older', isFree: true };
}

/** A field on which two points differ. */
export interface Difference {
  readonly path: Path;
  readonly stays: JsonRecord[string];
  readonly goes: JsonRecord[string];
}

/** The fields on which two points differ, the place first: what a merge has to choose. */
export function differencesOf(stays: Point, goes: Point): Difference[] {
  const keys = new Set([...Object.keys(stays.attributes), ...Object.keys(goes.attributes)]);
  return ['geom', 'concept', 'sensitivity', ...[...keys].map(attributePath)].flatMap((path) => {
    const [a, b] = [readPath(stays, path), readPath(goes, path)];
    return sameValue(path, a, b) ? [] : [{ path, stays: a, goes: b }];
  });
}

/** What is kept of each difference when nobody chooses: what the one that stays says, where it says something. */
export function suggestKeep(differences: readonly Difference[]): Record<Path, 'this' | 'other'> {
  return Object.fromEntries(
    differences.map(({ path, stays }) => [path, stays === null ? ('this' as const) : ('other' as const)]),
  );
}
