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
const LATITUDE = [-90, 90] as const;
const LONGITUDE = [-180, 180] as const;

/** One number as typed in French or English: spaces, comma or point, any minus, a trailing unit. */
function numberOf(text: string, unit: RegExp): number | null {
  const clean = text
    .replace(/[\s\u00a0\u202f]/g, '')
    .replace(unit, '')
    .replace(',', '.')
    .replace(/^[\u2212\u2013]/, '-');
  if (!/^[+-]?\d+(\.\d+)?$/.test(clean)) return null;
  return Number(clean);
}

/** Letters that stand for a sign, by field: north and south; east and west, which is "ouest" in French. */
const SIDES = [
  { n: 1, s: -1 },
  { e: 1, w: -1, o: -1 },
] as const;

/** Degrees with a sign or the letter of their side, not both: `-0.5`, `0,5° O`, `0.5W`. */
function degreesOf(text: string, sides: Readonly<Record<string, number>>): number | null {
  const letter = /([a-z])\s*$/i.exec(text)?.[1]?.toLowerCase();
  const value = numberOf(text, /°?[a-z]?$/i);
  const side = letter === undefined ? 1 : sides[letter];
  if (value === null || side === undefined) return null;
  if (letter !== undefined && !/^\s*\d/.test(text)) return null;
  // Not the minus zero of 0° W.
  return value === 0 ? 0 : value * side;
}

const isWithin = (value: number, [from, to]: readonly [number, number]) => value >= from && value <= to;

/** Both numbers as far as they can be read, each null where it is none of its field. */
function readFields({ system, first, second }: TypedPosition): [number | null, number | null] {
  const within = (value: number | null, range: readonly [number, number]) =>
    value !== null && isWithin(value, range) ? value : null;
  return system === 'wgs84'
    ? [within(degreesOf(first, SIDES[0]), LATITUDE), within(degreesOf(second, SIDES[1]), LONGITUDE)]
    : [within(numberOf(first, /(m|E)$/i), EASTING), within(numberOf(second, /(m|N)$/i), NORTHING)];
}

/** The place that was typed; null when it is not one. */
export function parseTypedPosition(typed: TypedPosition): Position | null {
  const [first, second] = readFields(typed);
  if (first === null || second === null) return null;
  return typed.system === 'wgs84' ? { lat: first, lon: second } : fromLambert93({ x: first, y: second });
}

/** Which field is no coordinate of its system: the first that is wrong; null when both are right. */
export function typedPositionFault(typed: TypedPosition): 'first' | 'second' | null {
  const [first, second] = readFields(typed);
  return first === null ? 'first' : second === null ? 'second' : null;
}

/** A place as the two fields of a system would hold it: six decimals of a degree, decimetres. */
export function writeTypedPosition(system: CoordinateSystem, position: Position): TypedPosition {
  if (system === 'wgs84') {
    return { system, first: position.lat.toFixed(6), second: position.lon.toFixed(6) };
  }
  const { x, y } = toLambert93(position);
  return { system, first: x.toFixed(1), second: y.toFixed(1) };
}
