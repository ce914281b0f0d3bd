import type { Fix } from '../domain/geo/fixes.ts';
import { LIMITS } from '../domain/limits.ts';
import { type Problem, problem } from '../domain/problems.ts';

export interface FixListener {
  readonly onFix: (fix: Fix) => void;
  readonly onProblem: (problem: Problem) => void;
}

/** `GeolocationPositionError.PERMISSION_DENIED` (W3C Geolocation §5.6). */
const PERMISSION_DENIED = 1;

/**
 * Follows the position of the device at the best accuracy it can give, never from its memory.
 * Returns the function that stops it: a watch left running empties the battery.
 */
export function watchFixes(listener: FixListener): () => void {
  if (!('geolocation' in navigator)) {
    listener.onProblem(problem('position_unavailable', 'no geolocation'));
    return () => undefined;
  }
  const id = navigator.geolocation.watchPosition(
    ({ coords, timestamp }) =>
      listener.onFix({
        lon: coords.longitude,
        lat: coords.latitude,
        accuracyMeters: coords.accuracy,
        atMs: timestamp,
      }),
    (error) => {
      const isDenied = error.code === PERMISSION_DENIED;
      listener.onProblem(problem(isDenied ? 'position_denied' : 'position_unavailable', error.message));
    },
    { enableHighAccuracy: true, maximumAge: 0, timeout: LIMITS.fixWindowMs },
  );
  return () => navigator.geolocation.clearWatch(id);
}

/** Whether the person has already allowed the position: asking for it shows no question then. */
export async function isPositionAllowed(): Promise<boolean> {
  try {
    const { state } = await navigator.permissions.query({ name: 'geolocation' });
    return state === 'granted';
  } catch {
    return false;
  }
}
