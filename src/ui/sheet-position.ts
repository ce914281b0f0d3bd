export type SheetPosition = 'peek' | 'half' | 'full';

const ORDER: readonly SheetPosition[] = ['peek', 'half', 'full'];

/** The position after a press on the handle: one up, and from the top back to the bottom. */
export function nextPosition(position: SheetPosition): SheetPosition {
  return ORDER[(ORDER.indexOf(position) + 1) % ORDER.length] ?? 'peek';
}

/** A drag of at least this many CSS px leaves the position it started from. */
const INTENT_PX = 32;

/**
 * Where a dragged sheet settles: the nearest position, but never the one it left when the drag was meant.
 * @param height visible height at the end of the drag, CSS px
 */
export function settle(
  height: number,
  from: SheetPosition,
  heights: Readonly<Record<SheetPosition, number>>,
): SheetPosition {
  const moved = height - heights[from];
  const candidates =
    Math.abs(moved) < INTENT_PX
      ? [from]
      : ORDER.filter((one) => (moved > 0 ? heights[one] > heights[from] : heights[one] < heights[from]));
  const nearest = [...candidates].sort(
    (a, b) => Math.abs(heights[a] - height) - Math.abs(heights[b] - height),
  );
  return nearest[0] ?? from;
}
