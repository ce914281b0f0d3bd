import type { Bounds } from '../domain/local-search.ts';
import type { MapCamera } from './types.ts';

/** Occitanie, where the server has not said which territory it covers. */
const OCCITANIE: Bounds = [-0.33, 42.33, 4.85, 45.05];
/** Closer than that a single result fills the map with one house. */
const CLOSEST_ZOOM = 16;
/** Side of the world at zoom 0, CSS px. */
const WORLD_PX = 256;

/** Camera that shows a box in a map of that size, CSS px. */
export function cameraFor(
  [west, south, east, north]: Bounds = OCCITANIE,
  widthPx = 360,
  heightPx = 480,
): MapCamera {
  const mercator = (lat: number) => Math.asinh(Math.tan((lat * Math.PI) / 180)) / (2 * Math.PI);
  const turns = Math.max((east - west) / 360, 1e-9);
  const rise = Math.max(mercator(north) - mercator(south), 1e-9);
  const zoom = Math.log2(Math.min(widthPx / turns, heightPx / rise) / WORLD_PX);
  return {
    lon: (west + east) / 2,
    lat: (south + north) / 2,
    zoom: Math.max(0, Math.min(CLOSEST_ZOOM, Math.floor(zoom))),
  };
}
