import type { Position } from './distance.ts';
import { fromLambert93, toLambert93 } from './lambert93.ts';

/** How a person types a place: degrees (latitude first, as everybody says it) or Lambert-93 metres. */
export type CoordinateSystem = 'wgs84' | 'lambert93';

/** What was typed, in the order of the fields: latitude and longitude, or X and Y. */
export interface TypedPosition {
  readonly system: CoordinateSystem;
  readonly first: string;
  readonly second: string;
}

/** Extent of Lambert-93 in metres (EPSG:2154, area of use, rounded outwards). */
const EASTING = [0, 1_300_000] as const;
const NORTHING = [6_000_000, 7_200_000] as const;

/** One number as typed in French or English: spaces, comma or point, a trailing unit. */
function numberOf(text: string): number | null {
  const clean = text
    .replace(/[\s\u00a0\u202f]/g, '')
    .replace(/(°|m|N|E)$/i, '')
    .replace(',', '.');
  if (!/^[+-]?\d+(\.\d+)?$/.test(clean)) return null;
  return Number(clean);
}

const isWithin = (value: number, [from, to]: readonly [number, number]) => value >= from && value <= to;

/** The place that was typed; null when it is not one. */
export function parseTypedPosition({ system, first, second }: TypedPosition): Position | null {
  const [a, b] = [numberOf(first), numberOf(second)];
  if (a === null || b === null) return null;
  if (system === 'wgs84') {
    return isWithin(a, [-90, 90]) && isWithin(b, [-180, 180]) ? { lat: a, lon: b } : null;
  }
  return isWithin(a, EASTING) && isWithin(b, NORTHING) ? fromLambert93({ x: a, y: b }) : null;
}

/** A place as the two fields of a system would hold it: six decimals of a degree, decimetres. */
export function writeTypedPosition(system: CoordinateSystem, position: Position): TypedPosition {
  if (system === 'wgs84') {
    return { system, first: position.lat.toFixed(6), second: position.lon.toFixed(6) };
  }
  const { x, y } = toLambert93(position);
  return { system, first: x.toFixed(1), second: y.toFixed(1) };
}
