import type { Point } from '../domain/point.ts';

/** `oldest`: what nobody has seen again for the longest, first. */
export type NearbyOrder = 'nearest' | 'oldest';

/** Whether a thing stands; `unsentId` while that has not left this device, and may be taken back. */
export interface Said {
  readonly found: boolean;
  /** In what state it was said to be. */
  readonly condition: string | null;
  readonly unsentId: string | null;
}

/** A known point around the person. */
export interface Neighbour {
  readonly point: Point;
  readonly distanceMeters: number;
  /** What was said of it from this device, today: one tap is enough. Null: nothing yet. */
  readonly saidToday: Said | null;
}

/** Nearest first; or last seen longest ago first, and nearest first among those of one day. */
export function inOrder(neighbours: readonly Neighbour[], order: NearbyOrder): Neighbour[] {
  const isOldest = order === 'oldest';
  return neighbours.toSorted(
    (a, b) => (isOldest && lastSeen(a).localeCompare(lastSeen(b))) || a.distanceMeters - b.distanceMeters,
  );
}

/** Day on which somebody last saw it; never seen comes first. */
function lastSeen({ point }: Neighbour): string {
  return (point.confirmations.last_at ?? point.captured_at ?? '').slice(0, 10);
}
