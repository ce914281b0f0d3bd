import { boxAround, distanceMeters, type Position } from '../domain/geo/distance.ts';
import { cellOf } from '../domain/geo/quadkey.ts';
import { publicPosition } from '../domain/geo/public-position.ts';
import type { Point } from '../domain/point.ts';
import { isPublicStatus } from '../domain/states.ts';
import type { Cache } from './cache.ts';
import type { CachedPoint } from './rows.ts';

/** The cell bucket in which everybody may find a point, or null (contract §3). */
export function cellBucketOf(point: Point): string | null {
  if (!isPublicStatus(point.status)) return null;
  const position = publicPosition(point.geom, point.sensitivity);
  return position && `c:${point.theme}:${cellOf(position)}`;
}

/** Whether a bucket may go on holding a point, as far as the point itself tells. */
export function belongsTo(bucket: string, point: Point): boolean {
  return bucket.startsWith('c:') ? cellBucketOf(point) === bucket : true;
}

/** A server's row as the cache keeps it. */
function cached(point: Point, held: string[]): CachedPoint {
  const { lat, lon } = point.geom;
  return { id: point.id, theme: point.theme, lat, lon, held, point };
}

/**
 * Writes rows that a bucket brought. A delta older than what is known (the receipt of a push may
 * have been faster) is left out; a snapshot always wins. Call it inside a transaction.
 */
export async function putPoints(
  store: Cache,
  bucket: string,
  points: readonly Point[],
  isSnapshot = false,
): Promise<void> {
  const known = await store.points.bulkGet(points.map((point) => point.id));
  const rows = points.flatMap((point, index): CachedPoint[] => {
    const before = known[index];
    const latest = before && !isSnapshot && before.point.v > point.v ? before.point : point;
    const held = [...new Set([...(before?.held ?? []), bucket])];
    return [
      cached(
        latest,
        held.filter((one) => belongsTo(one, latest)),
      ),
    ];
  });
  await store.points.bulkPut(rows.filter((row) => row.held.length > 0));
  await store.points.bulkDelete(rows.filter((row) => row.held.length === 0).map((row) => row.id));
}

/** A bucket lets points go; those that no other bucket holds leave the cache. */
export async function releasePoints(store: Cache, bucket: string, ids: readonly string[]): Promise<void> {
  const rows = await store.points.bulkGet([...ids]);
  for (const row of rows) {
    if (!row) continue;
    const held = row.held.filter((one) => one !== bucket);
    if (held.length === 0) await store.points.delete(row.id);
    else await store.points.update(row.id, { held });
  }
}

/** Points of a theme within a radius, by the positions this user sees. */
export async function pointsAround(
  store: Cache,
  theme: string,
  center: Position,
  radiusMeters: number,
): Promise<Point[]> {
  const [west, south, east, north] = boxAround(center, radiusMeters);
  const rows = await store.points
    .where('[theme+lat]')
    .between([theme, south], [theme, north], true, true)
    .toArray();
  return rows
    .filter((row) => row.lon >= west && row.lon <= east)
    .filter((row) => distanceMeters(row, center) <= radiusMeters)
    .map((row) => row.point);
}
