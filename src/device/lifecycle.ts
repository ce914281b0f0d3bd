/**
 * Calls back when the page may be about to die: hidden, or left. It is the last moment at which
 * a phone lets a page work. Returns the function that stops.
 */
export function onPageHidden(callback: () => void): () => void {
  const whenHidden = () => {
    if (document.visibilityState === 'hidden') callback();
  };
  document.addEventListener('visibilitychange', whenHidden);
  addEventListener('pagehide', callback);
  return () => {
    document.removeEventListener('visibilitychange', whenHidden);
    removeEventListener('pagehide', callback);
  };
}

/** Calls back when the page comes back in sight. Returns the function that stops. */
export function onPageShown(callback: () => void): () => void {
  const whenShown = () => {
    if (document.visibilityState === 'visible') callback();
  };
  document.addEventListener('visibilitychange', whenShown);
  return () => document.removeEventListener('visibilitychange', whenShown);
}

/** Calls back when a person turns to the page: it comes back in sight, or into focus beside another window. */
export function onPageTurnedTo(callback: () => void): () => void {
  const stop = onPageShown(callback);
  addEventListener('focus', callback);
  return () => {
    stop();
    removeEventListener('focus', callback);
  };
}

/** Tells when the page goes out of sight, and when it comes back. Returns the function that stops. */
export function watchSight(onChange: (isVisible: boolean) => void): () => void {
  const tell = () => onChange(document.visibilityState === 'visible');
  document.addEventListener('visibilitychange', tell);
  return () => document.removeEventListener('visibilitychange', tell);
}
