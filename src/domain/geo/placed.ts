import { LIMITS } from '../limits.ts';
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
    accuracy_m: storedAccuracy(fix.accuracyMeters),
    source: 'gps',
    ...headed(heading),
  };
}

/** Worse than what can be told apart on the ground: placing by hand, or looking again, is better. */
export function isPoorPlace(geom: Geom): boolean {
  return geom.source === 'gps' && (geom.accuracy_m ?? 0) > LIMITS.fixPoorMeters;
}

interface Hand {
  readonly source: Geom['source'];
  readonly accuracyMeters: number | null;
  /** Where the receiver is now; null when that is not known. */
  readonly from: Position | null;
  readonly heading: number | null;
}

/**
 * A place given by hand: on the map, typed, or read from a photo. How far the hand went, and where the camera
 * looks, are kept while the phone is known to stand near: set from a sofa they would tell where the sofa is.
 */
export function placedGeom(position: Position, { source, accuracyMeters, from, heading }: Hand): Geom {
  const movedMeters = from ? distanceMeters(from, position) : Infinity;
  const isOnSite = movedMeters <= LIMITS.movedKeptMeters;
  return {
    lon: roundDegrees(position.lon),
    lat: roundDegrees(position.lat),
    source,
    ...(accuracyMeters === null ? {} : { accuracy_m: storedAccuracy(accuracyMeters) }),
    ...(isOnSite ? { moved_m: roundMeters(movedMeters), ...headed(heading) } : {}),
  };
}

/** Beyond the largest no server takes it, and it says no more: nowhere in particular. */
function storedAccuracy(meters: number): number {
  return Math.min(roundMeters(meters), LIMITS.accuracyLargestMeters);
}
