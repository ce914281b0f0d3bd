import { headingOf } from '../domain/geo/heading.ts';

/** Where the camera looks, degrees clockwise from north. */
export type HeadingListener = (degrees: number) => void;

/** Of Safari, which gives magnetic north in a property of its own. */
interface CompassEvent extends DeviceOrientationEvent {
  readonly webkitCompassHeading?: number;
}

/**
 * Follows the compass, where there is one that asks no permission. Returns the function that stops:
 * a compass left running empties the battery.
 */
export function watchHeading(listener: HeadingListener): () => void {
  if (typeof DeviceOrientationEvent === 'undefined') return () => undefined;
  const take = (event: CompassEvent) => {
    const { alpha, beta, gamma, absolute, webkitCompassHeading } = event;
    if (typeof webkitCompassHeading === 'number') return listener(webkitCompassHeading);
    if (!absolute || alpha === null || beta === null || gamma === null) return;
    const degrees = headingOf({ alpha, beta, gamma });
    if (degrees !== null) listener(degrees);
  };
  const names = ['deviceorientationabsolute', 'deviceorientation'];
  for (const name of names) addEventListener(name, take as EventListener);
  return () => {
    for (const name of names) removeEventListener(name, take as EventListener);
  };
}
