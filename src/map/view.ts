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

/** Between two views, as the base map moves during a zoom: each point goes in a straight line. */
export function blend(from: View, to: View, part: number): View {
  const mix = (a: number, b: number) => a + (b - a) * part;
  return {
    scale: mix(from.scale, to.scale),
    left: mix(from.left, to.left),
    top: mix(from.top, to.top),
    width: to.width,
    height: to.height,
  };
}

/** Metres on the ground to CSS px at a latitude. */
export function metersToPx(meters: number, lat: number, scale: number): number {
  const equatorMeters = 40_075_016.686;
  return (meters * scale) / (equatorMeters * Math.cos((lat * Math.PI) / 180));
}

/** Progress of Leaflet's zoom transition, `cubic-bezier(0, 0, .25, 1)`, at a part of its time. */
export function zoomEase(time: number): number {
  if (time <= 0) return 0;
  if (time >= 1) return 1;
  let t = time;
  for (let turn = 0; turn < 6; turn++) {
    const x = 0.75 * t * t * (1 - t) + t ** 3;
    const slope = 1.5 * t * (1 - t) - 0.75 * t * t + 3 * t * t;
    t -= (x - time) / (slope || 1);
  }
  return 3 * t * t * (1 - t) + t ** 3;
}
