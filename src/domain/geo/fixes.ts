import { LIMITS } from '../limits.ts';
import { distanceMeters, type Position } from './distance.ts';

/** One answer of the positioning system. `atMs`: Unix milliseconds. */
export interface Fix extends Position {
  readonly accuracyMeters: number;
  readonly atMs: number;
}

/** An answer of the receiver, and when it came by the device's clock. */
export interface Arrival {
  readonly fix: Fix;
  readonly atMs: number;
}

/**
 * The fix of an answer, dated by the device's clock; null for one out of the receiver's memory, which a
 * frozen GPS repeats for ever. Receivers date by the satellites: where the device's clock is wrong every
 * answer looks old, or is still to come. One whose date goes on as time does since the answer before it
 * (`last`, of the same search) was measured now, whatever the date.
 */
export function measuredFix({ fix, atMs }: Arrival, last: Arrival | null): Fix | null {
  if (Math.abs(atMs - fix.atMs) <= LIMITS.fixMaxAgeMs) return fix;
  const advanceMs = last ? fix.atMs - last.fix.atMs : 0;
  const isLive =
    last !== null && advanceMs > 0 && Math.abs(atMs - last.atMs - advanceMs) <= LIMITS.fixJitterMs;
  return isLive ? { ...fix, atMs } : null;
}

/** Whether averaging may stop: long enough, or good enough. */
export function isFixWindowOver(fixes: readonly Fix[], startedAtMs: number, nowMs: number): boolean {
  if (nowMs - startedAtMs >= LIMITS.fixWindowMs) return true;
  return fixes.some((fix) => fix.accuracyMeters < LIMITS.fixGoodMeters);
}

/**
 * Mean of the fixes of the last 20 s weighted by 1/σ², outliers left out.
 * The accuracy told is that of the best fix: errors of consecutive fixes are not independent,
 * so averaging must not pretend to better it. Null without a usable fix.
 */
export function averageFixes(fixes: readonly Fix[], nowMs: number): Fix | null {
  const recent = fixes.filter((fix) => nowMs - fix.atMs <= LIMITS.fixMaxAgeMs && fix.accuracyMeters >= 0);
  const last = recent.at(-1);
  if (!last) return null;
  const inWindow = recent.filter((fix) => last.atMs - fix.atMs <= LIMITS.fixWindowMs);
  const best = inWindow.reduce((a, b) => (b.accuracyMeters < a.accuracyMeters ? b : a));
  const kept = inWindow.filter(
    (fix) =>
      distanceMeters(fix, best) <=
      LIMITS.fixOutlierSigmas * Math.max(best.accuracyMeters, LIMITS.positionToleranceMeters),
  );
  let [weights, lon, lat] = [0, 0, 0];
  for (const fix of kept) {
    const weight = 1 / Math.max(fix.accuracyMeters, LIMITS.positionToleranceMeters) ** 2;
    weights += weight;
    lon += weight * fix.lon;
    lat += weight * fix.lat;
  }
  return {
    lon: lon / weights,
    lat: lat / weights,
    accuracyMeters: best.accuracyMeters,
    atMs: last.atMs,
  };
}
