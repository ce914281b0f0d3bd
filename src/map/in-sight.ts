import { LIMITS } from '../domain/limits.ts';

/**
 * Makes a map while the page is in sight. Hidden for a while, behind the camera or another app, it is
 * taken apart: an old phone has not the memory for both. It is made anew when the page comes back.
 * `make` returns what takes it apart. Returns the function that ends all of it.
 */
export function whileInSight(make: () => () => void): () => void {
  let release: (() => void) | null = make();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const takeApart = () => {
    release?.();
    release = null;
  };
  const look = () => {
    clearTimeout(timer);
    if (document.visibilityState === 'hidden') timer = setTimeout(takeApart, LIMITS.mapReleasedAfterMs);
    else release ??= make();
  };
  document.addEventListener('visibilitychange', look);
  return () => {
    document.removeEventListener('visibilitychange', look);
    clearTimeout(timer);
    takeApart();
  };
}
