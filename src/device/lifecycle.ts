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
