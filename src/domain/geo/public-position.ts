import { LIMITS } from '../limits.ts';
import type { Geom, Sensitivity } from '../point.ts';
import { fromLambert93, toLambert93 } from './lambert93.ts';

const round7 = (degrees: number) => Math.round(degrees * 1e7) / 1e7;

/**
 * The one position that the public may know (contract §2): the true one, the centre of its
 * 1 km cell in Lambert-93, or none.
 */
export function publicPosition(geom: Geom, sensitivity: Sensitivity): Geom | null {
  if (sensitivity === 'hidden') return null;
  if (sensitivity === 'open' || geom.source === 'blurred') return geom;
  const { x, y } = toLambert93(geom);
  const side = LIMITS.blurCellMeters;
  const center = fromLambert93({
    x: (Math.floor(x / side) + 0.5) * side,
    y: (Math.floor(y / side) + 0.5) * side,
  });
  return {
    lon: round7(center.lon),
    lat: round7(center.lat),
    accuracy_m: LIMITS.blurAccuracyMeters,
    source: 'blurred',
  };
}
