import { LIMITS } from '../domain/limits.ts';

/**
 * Milliseconds to wait after the nth failure in a row (from 1): doubled each time up to five
 * minutes, spread between half and whole so that phones do not come back all at once.
 */
export function backoffMs(failures: number, chance: () => number): number {
  const exponent = Math.min(Math.max(failures, 1) - 1, 30);
  const whole = Math.min(LIMITS.backoffMaxMs, LIMITS.backoffFirstMs * 2 ** exponent);
  return Math.round(whole * (0.5 + chance() / 2));
}
