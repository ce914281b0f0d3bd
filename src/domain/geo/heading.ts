/** Angles of a device, degrees, as W3C DeviceOrientation gives them. */
export interface Tilt {
  /** Around the axis that leaves the screen. */
  readonly alpha: number;
  /** Front to back. */
  readonly beta: number;
  /** Left to right. */
  readonly gamma: number;
}

const RADIANS = Math.PI / 180;

/**
 * Where the back of a device looks, degrees clockwise from north: the direction of the camera of a
 * phone held upright (W3C DeviceOrientation, worked example of appendix A). Null when it lies flat,
 * for then its back looks at the ground.
 */
export function headingOf({ alpha, beta, gamma }: Tilt): number | null {
  const [a, b, g] = [alpha * RADIANS, beta * RADIANS, gamma * RADIANS];
  const east = -Math.cos(a) * Math.sin(g) - Math.sin(a) * Math.sin(b) * Math.cos(g);
  const north = -Math.sin(a) * Math.sin(g) + Math.cos(a) * Math.sin(b) * Math.cos(g);
  if (Math.hypot(east, north) < Math.sin(FLAT_DEGREES * RADIANS)) return null;
  return (Math.atan2(east, north) / RADIANS + 360) % 360;
}

/** A phone tilted less than that looks at the ground rather than ahead. */
const FLAT_DEGREES = 20;
