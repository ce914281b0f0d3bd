/**
 * Where world positions fall on the screen. World coordinates are the square of the web map (EPSG:3857) from 0 to 1;
 * `scale` is the side of that square in CSS px, `left` and `top` the offset of the container's corner.
 */
export interface View {
  readonly scale: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The side of the web map at zoom 0, CSS px. */
export const WORLD_PX = 256;

/** WGS84 degrees to the unit square. */
export function toWorld(lon: number, lat: number): { x: number; y: number } {
  const sine = Math.sin((lat * Math.PI) / 180);
  return { x: (lon + 180) / 360, y: 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI) };
}

/** The unit square to WGS84 degrees. */
export function toLonLat(x: number, y: number): { lon: number; lat: number } {
  return { lon: x * 360 - 180, lat: (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI };
}

/** Metres on the ground to CSS px at a latitude. */
export function metersToPx(meters: number, lat: number, scale: number): number {
  const equatorMeters = 40_075_016.686;
  return (meters * scale) / (equatorMeters * Math.cos((lat * Math.PI) / 180));
}
