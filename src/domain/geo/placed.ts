import type { Geom } from '../point.ts';
import { distanceMeters, type Position } from './distance.ts';
import type { Fix } from './fixes.ts';

const DEGREES_DECIMALS = 7;
const roundDegrees = (value: number) => Number(value.toFixed(DEGREES_DECIMALS));
const roundMeters = (value: number) => Math.round(value * 10) / 10;
const headed = (heading: number | null): Pick<Geom, 'heading_deg'> =>
  heading === null ? {} : { heading_deg: Math.round(heading) % 360 };

/** A place as the receiver gives it; `heading` is where the camera looks, degrees from north. */
export function gpsGeom(fix: Fix, heading: number | null): Geom {
  return {
    lon: roundDegrees(fix.lon),
    lat: roundDegrees(fix.lat),
    accuracy_m: roundMeters(fix.accuracyMeters),
    source: 'gps',
    ...headed(heading),
  };
}

interface Hand {
  readonly source: Geom['source'];
  readonly accuracyMeters: number | null;
  /** Where the receiver is: how far the hand went from there is kept. */
  readonly from: Position | null;
  readonly heading: number | null;
}

/** A place given by hand: on the map, typed, or read from a photo. */
export function placedGeom(position: Position, { source, accuracyMeters, from, heading }: Hand): Geom {
  return {
    lon: roundDegrees(position.lon),
    lat: roundDegrees(position.lat),
    source,
    ...(accuracyMeters === null ? {} : { accuracy_m: roundMeters(accuracyMeters) }),
    ...(from ? { moved_m: roundMeters(distanceMeters(from, position)) } : {}),
    ...headed(heading),
  };
}
