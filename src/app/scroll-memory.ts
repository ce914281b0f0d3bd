/** A scroll is written once it rests: browsers ration the writing of their history. */
const REST_MS = 120;
/** How long a screen that fills itself is waited for. */
const FILLING_MS = 3_000;

/**
 * Keeps in each entry of the browser's history how far its screen was scrolled, so that the way back
 * finds the same place again. The browser's own memory forgets it: here a screen fills itself only
 * after it was opened.
 */
export class ScrollMemory {
  /** Path of the screen in front: between two screens nothing is noted. */
  #shown: string | null = null;
  #stopWaiting: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Starts noting. */
  start(): void {
    history.scrollRestoration = 'manual';
    window.addEventListener('scroll', () => this.#noteSoon(), { passive: true });
  }

  /** A screen is in front: at its top when it is new, where it was left when it is found again. */
  arrive(path: string): void {
    this.#shown = path;
    this.#stopWaiting?.();
    const kept = (history.state as { scrolled?: { path: string; top: number } } | null)?.scrolled;
    // an entry that was given another screen keeps the state of the one before
    const top = kept?.path === path ? kept.top : 0;
    window.scrollTo(0, top);
    if (top > 0 && !hasReached(top)) this.#waitUntilFilled(top);
  }

  #noteSoon(): void {
    if (this.#stopWaiting) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#stopWaiting || this.#shown !== pathOf(location.hash)) return;
      const scrolled = { path: this.#shown, top: window.scrollY };
      history.replaceState({ ...(history.state as object | null), scrolled }, '');
    }, REST_MS);
  }

  /** The list is still coming: goes down with it, unless the person moves first. */
  #waitUntilFilled(top: number): void {
    const gestures = ['wheel', 'touchstart', 'keydown', 'pointerdown'] as const;
    const observer = new ResizeObserver(() => {
      window.scrollTo(0, top);
      if (hasReached(top)) stop();
    });
    const stop = () => {
      observer.disconnect();
      clearTimeout(patience);
      gestures.forEach((gesture) => window.removeEventListener(gesture, stop));
      if (this.#stopWaiting === stop) this.#stopWaiting = null;
    };
    const patience = setTimeout(stop, FILLING_MS);
    gestures.forEach((gesture) => window.addEventListener(gesture, stop, { passive: true }));
    this.#stopWaiting = stop;
    observer.observe(document.body);
  }
}

/** Within a pixel: a browser scrolls by fractions. */
function hasReached(top: number): boolean {
  return Math.abs(window.scrollY - top) < 1;
}

/** The part of the address that names the screen, without its query. */
function pathOf(hash: string): string {
  return hash.slice(1).split('?')[0] || '/';
}
