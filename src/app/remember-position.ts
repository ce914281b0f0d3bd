import { setLastPosition } from '../db/meta.ts';
import type { Precious } from '../db/precious.ts';
import { type FixListener, watchFixes } from '../device/geolocation.ts';
import { distanceMeters, type Position } from '../domain/geo/distance.ts';
import { LIMITS } from '../domain/limits.ts';

/**
 * Watches the position, and remembers roughly where: the sync follows what lies around. `onMoved`
 * hears of each new neighbourhood.
 */
export function watchAndRemember(
  precious: Precious,
  onMoved: () => void,
): (listener: FixListener) => () => void {
  let remembered: Position | null = null;
  return (listener) =>
    watchFixes({
      ...listener,
      onFix(fix) {
        listener.onFix(fix);
        if (remembered && distanceMeters(remembered, fix) < LIMITS.rememberedMoveMeters) return;
        remembered = fix;
        // Only a convenience: a full or closed store must not stop the position.
        setLastPosition(precious, fix).then(onMoved, () => undefined);
      },
    });
}
