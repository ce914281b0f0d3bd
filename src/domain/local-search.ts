import type { BrowseQuery } from './browse-query.ts';
import { distanceMeters, type Position } from './geo/distance.ts';
import type { Point } from './point.ts';
import { fold } from './thesaurus/fold.ts';

/** West, south, east, north, degrees. */
export type Bounds = readonly [west: number, south: number, east: number, north: number];

/** Words by which a point is found, and the concepts that a filter covers. */
export interface SearchWords {
  /** Name, term in every language, commune. */
  readonly textOf: (point: Point) => string;
  readonly conceptsUnder: (concept: string) => ReadonlySet<string>;
}

/**
 * The points of a device that answer a public query, by the server's rules: each word is looked for
 * in what names the point; nearest first, else the most recent.
 */
export function searchLocally(
  points: readonly Point[],
  query: BrowseQuery,
  { textOf, conceptsUnder }: SearchWords,
  { bounds, near }: { bounds?: Bounds | null; near?: Position | null } = {},
): Point[] {
  const words = fold(query.text).split(' ').filter(Boolean);
  const statuses: readonly string[] = query.statuses.length > 0 ? query.statuses : ['published'];
  const concepts = query.concept === null ? null : conceptsUnder(query.concept);
  const isAsked = (point: Point) =>
    statuses.includes(point.status) &&
    point.sensitivity !== 'hidden' &&
    (query.themes.length === 0 || query.themes.includes(point.theme)) &&
    (concepts === null || (point.concept !== null && concepts.has(point.concept))) &&
    (query.commune === null || point.commune === query.commune) &&
    (!bounds || isWithin(point.geom, bounds)) &&
    hasWords(point);
  const hasWords = (point: Point) => {
    if (words.length === 0) return true;
    const text = ` ${fold(textOf(point))}`;
    return words.every((word) => text.includes(` ${word}`));
  };
  return points.filter(isAsked).sort(near ? byDistance(near) : byDate);
}

/** Whether a position lies in a box; the box does not cross the antimeridian. */
function isWithin(position: Position, [west, south, east, north]: Bounds): boolean {
  return position.lon >= west && position.lon <= east && position.lat >= south && position.lat <= north;
}

/** The smallest box that holds these positions; null for none. */
export function boxOf(positions: readonly Position[]): Bounds | null {
  if (positions.length === 0) return null;
  const lons = positions.map((position) => position.lon);
  const lats = positions.map((position) => position.lat);
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

function byDistance(near: Position): (a: Point, b: Point) => number {
  return (a, b) => distanceMeters(near, a.geom) - distanceMeters(near, b.geom);
}

function byDate(a: Point, b: Point): number {
  return (b.updated_at ?? '').localeCompare(a.updated_at ?? '') || b.id.localeCompare(a.id);
}
