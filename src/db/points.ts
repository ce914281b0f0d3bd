import { boxAround, distanceMeters, type Position } from '../domain/geo/distance.ts';
import { cellOf } from '../domain/geo/quadkey.ts';
import { publicPosition } from '../domain/geo/public-position.ts';
import type { Bounds } from '../domain/local-search.ts';
import type { Point } from '../domain/point.ts';
import { isPublicStatus } from '../domain/public-status.ts';
import type { Cache } from './cache.ts';
import type { CachedPoint } from './rows.ts';
import { inSlices } from './slices.ts';

/** The cell bucket in which everybody may find a point, or null (contract §3). */
export function cellBucketOf(point: Point): string | null {
  if (!isPublicStatus(point.status)) return null;
  const position = publicPosition(point.geom, point.sensitivity);
  // The server tells the cell; an older one leaves it to be computed.
  const cell = point.cell === undefined ? position && cellOf(position) : point.cell;
  return cell && `c:${point.theme}:${cell}`;
}

/** Buckets a row belongs to, as the row itself tells, whichever brought it. */
function bucketsOf(point: Point): string[] {
  const isMine = point.mine || point.involved || point.pending.some((one) => one.mine);
  const cell = cellBucketOf(point);
  return [...(isMine ? ['u:me'] : []), ...(point.waiting?.length ? ['m:me'] : []), ...(cell ? [cell] : [])];
}

function cachedPoint(point: Point, followed: ReadonlySet<string>): CachedPoint {
  const { lat, lon } = point.geom;
  const held = bucketsOf(point).filter((bucket) => followed.has(bucket));
  return { id: point.id, theme: point.theme, lat, lon, held, point };
}

/**
 * Writes rows that the server gave, and lets go of those that belong to no followed bucket. A
 * delta older than what is known (the receipt of a push may have been faster) changes nothing; a
 * snapshot always wins. Call it inside a transaction on `points`.
 */
export async function putPoints(
  store: Cache,
  points: readonly Point[],
  followed: ReadonlySet<string>,
  isSnapshot = false,
): Promise<void> {
  await inSlices(points, async (slice) => {
    const known = await store.points.bulkGet(slice.map((point) => point.id));
    const rows = slice.map((point, index) => {
      const before = known[index]?.point;
      const isStale = before && !isSnapshot && before.v > point.v;
      return cachedPoint(isStale ? before : point, followed);
    });
    await store.points.bulkPut(rows.filter((row) => row.held.length > 0));
    await store.points.bulkDelete(rows.filter((row) => row.held.length === 0).map((row) => row.id));
  });
}

/** A bucket lets points go; those that no other bucket holds leave the cache. */
export async function releasePoints(
  store: Cache,
  bucket: string,
  isKept: (id: string) => boolean = () => false,
): Promise<void> {
  const rows = await store.points.where('held').equals(bucket).toArray();
  for (const row of rows) {
    if (isKept(row.id)) continue;
    const held = row.held.filter((one) => one !== bucket);
    if (held.length === 0) await store.points.delete(row.id);
    else await store.points.update(row.id, { held });
  }
}

/** A bucket is no longer followed: what it alone held goes, and its progress with it. */
export async function dropBucket(store: Cache, bucket: string): Promise<void> {
  await store.transaction('rw', store.points, store.buckets, store.seen, async () => {
    await releasePoints(store, bucket);
    await store.seen.where('bucket').equals(bucket).delete();
    await store.buckets.delete(bucket);
  });
}

/** Ids and row counters of what a bucket holds here. */
export async function bucketVersions(store: Cache, bucket: string): Promise<{ id: string; v: number }[]> {
  const versions: { id: string; v: number }[] = [];
  // Row by row: a city's cell at once would not fit an old phone.
  await store.points
    .where('held')
    .equals(bucket)
    .each(({ id, point }) => void versions.push({ id, v: point.v }));
  return versions;
}

/** Points of a theme within a radius, by the positions this user sees. */
export async function pointsAround(
  store: Cache,
  theme: string,
  center: Position,
  radiusMeters: number,
): Promise<Point[]> {
  const found = await pointsWithin(store, theme, boxAround(center, radiusMeters));
  return found.filter(({ geom }) => distanceMeters(geom, center) <= radiusMeters);
}

/** Points of a theme within a box, by the positions this user sees. */
export async function pointsWithin(
  store: Cache,
  theme: string,
  [west, south, east, north]: Bounds,
): Promise<Point[]> {
  const rows = await store.points
    .where('[theme+lat]')
    .between([theme, south], [theme, north], true, true)
    .toArray();
  return rows.filter((row) => row.lon >= west && row.lon <= east).map((row) => row.point);
}

/** What holds a point that somebody opened and that no bucket brought. */
const KEPT = 'kept';

/**
 * Keeps a public point that somebody opened, for a day without network. A row that a bucket brought
 * tells its reader more, and stays.
 */
export async function keepPoint(store: Cache, point: Point): Promise<void> {
  await store.transaction('rw', store.points, async () => {
    const known = await store.points.get(point.id);
    if (known?.held.some((bucket) => bucket !== KEPT)) return;
    await store.points.put({ ...cachedPoint(point, new Set()), held: [KEPT] });
  });
}

/** Forgets a point that is no longer public, unless a bucket still brings it to this reader. */
export async function forgetKept(store: Cache, id: string): Promise<void> {
  const known = await store.points.get(id);
  if (known?.held.every((bucket) => bucket === KEPT)) await store.points.delete(id);
}

/** Every point of a copy. */
export async function allPoints(store: Cache): Promise<Point[]> {
  return (await store.points.toArray()).map((row) => row.point);
}
