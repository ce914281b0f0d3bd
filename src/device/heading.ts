import { headingOf } from '../domain/geo/heading.ts';

/** Where the camera looks, degrees clockwise from north. */
export type HeadingListener = (degrees: number) => void;

/** Of Safari, which gives magnetic north in a property of its own. */
interface CompassEvent extends DeviceOrientationEvent {
  readonly webkitCompassHeading?: number;
}

/** Of Safari on iOS, whose compass is silent until the person has agreed to its own question, at each start of the app. */
interface GuardedCompass {
  requestPermission?: () => Promise<'granted' | 'denied'>;
}

const guard = (): GuardedCompass | undefined =>
  (globalThis as { DeviceOrientationEvent?: GuardedCompass }).DeviceOrientationEvent;

/** Whether the compass says nothing until the person is asked. */
export function isCompassGuarded(): boolean {
  return typeof guard()?.requestPermission === 'function';
}

/** Asks for the compass. To be called as the first thing that a press does. Resolves to false when refused; never rejects. */
export async function askForCompass(): Promise<boolean> {
  const answer = await guard()
    ?.requestPermission?.()
    .catch(() => 'denied');
  return answer === 'granted';
}

/**
 * Follows the compass, where there is one that asks no permission or has been given it. Returns the function that stops:
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
