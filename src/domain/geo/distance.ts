/** A position in WGS84 degrees. */
export interface Position {
  readonly lon: number;
  readonly lat: number;
}

/** Mean radius of the Earth in metres (IUGG R1). */
const EARTH_RADIUS_METERS = 6_371_008.8;
const RADIANS = Math.PI / 180;

/** Great-circle distance in metres, haversine formula (Sinnott 1984). */
export function distanceMeters(a: Position, b: Position): number {
  const sinLat = Math.sin(((b.lat - a.lat) * RADIANS) / 2);
  const sinLon = Math.sin(((b.lon - a.lon) * RADIANS) / 2);
  const h = sinLat * sinLat + Math.cos(a.lat * RADIANS) * Math.cos(b.lat * RADIANS) * sinLon * sinLon;
  return 2 * EARTH_RADIUS_METERS * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** A box of at least `radiusMeters` around a position: [west, south, east, north] in degrees. */
export function boxAround(center: Position, radiusMeters: number): [number, number, number, number] {
  const lat = radiusMeters / EARTH_RADIUS_METERS / RADIANS;
  const lon = lat / Math.max(0.01, Math.cos(center.lat * RADIANS));
  return [center.lon - lon, center.lat - lat, center.lon + lon, center.lat + lat];
}
