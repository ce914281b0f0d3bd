import type { Position } from './distance.ts';

/** Metres in the French projection Lambert-93 (EPSG:2154). */
export interface Lambert93 {
  readonly x: number;
  readonly y: number;
}

// EPSG:2154: Lambert conic conformal with two standard parallels on the GRS80 ellipsoid.
const RADIANS = Math.PI / 180;
const FLATTENING = 1 / 298.257222101;
const ECCENTRICITY = Math.sqrt(FLATTENING * (2 - FLATTENING));
const SEMI_MAJOR = 6_378_137;
const ORIGIN = { lon: 3 * RADIANS, lat: 46.5 * RADIANS, x: 700_000, y: 6_600_000 };
const PARALLELS = [44 * RADIANS, 49 * RADIANS] as const;

// Formulas and names of IOGP Guidance Note 7-2, §3.1.1.1 (method 9802).
const mOf = (lat: number) => Math.cos(lat) / Math.sqrt(1 - ECCENTRICITY ** 2 * Math.sin(lat) ** 2);
const tOf = (lat: number) =>
  Math.tan(Math.PI / 4 - lat / 2) /
  ((1 - ECCENTRICITY * Math.sin(lat)) / (1 + ECCENTRICITY * Math.sin(lat))) ** (ECCENTRICITY / 2);

const N =
  (Math.log(mOf(PARALLELS[0])) - Math.log(mOf(PARALLELS[1]))) /
  (Math.log(tOf(PARALLELS[0])) - Math.log(tOf(PARALLELS[1])));
const F = mOf(PARALLELS[0]) / (N * tOf(PARALLELS[0]) ** N);
const radiusOf = (lat: number) => SEMI_MAJOR * F * tOf(lat) ** N;
const ORIGIN_RADIUS = radiusOf(ORIGIN.lat);

/** WGS84 degrees to Lambert-93 metres (RGF93 and WGS84 are one at this scale). */
export function toLambert93({ lon, lat }: Position): Lambert93 {
  const radius = radiusOf(lat * RADIANS);
  const theta = N * (lon * RADIANS - ORIGIN.lon);
  return {
    x: ORIGIN.x + radius * Math.sin(theta),
    y: ORIGIN.y + ORIGIN_RADIUS - radius * Math.cos(theta),
  };
}

/** Lambert-93 metres to WGS84 degrees. */
export function fromLambert93({ x, y }: Lambert93): Position {
  const east = x - ORIGIN.x;
  const south = ORIGIN_RADIUS - (y - ORIGIN.y);
  const t = (Math.hypot(east, south) / (SEMI_MAJOR * F)) ** (1 / N);
  let lat = Math.PI / 2 - 2 * Math.atan(t);
  // Converges by a factor of e² each turn: ten turns are far below a micrometre.
  for (let turn = 0; turn < 10; turn++) {
    const sin = ECCENTRICITY * Math.sin(lat);
    lat = Math.PI / 2 - 2 * Math.atan(t * ((1 - sin) / (1 + sin)) ** (ECCENTRICITY / 2));
  }
  return { lon: (Math.atan2(east, south) / N + ORIGIN.lon) / RADIANS, lat: lat / RADIANS };
}
