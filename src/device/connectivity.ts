/**
 * Tells each change of what the browser believes about the network: a hint, never a proof. Returns
 * the function that stops.
 */
export function watchConnectivity(onChange: (isOnline: boolean) => void): () => void {
  const tell = () => onChange(navigator.onLine);
  addEventListener('online', tell);
  addEventListener('offline', tell);
  return () => {
    removeEventListener('online', tell);
    removeEventListener('offline', tell);
  };
}

/** Whether the browser believes that there is no network at all: a hint too. Works in a worker. */
export function isCutOff(): boolean {
  return 'onLine' in navigator && !navigator.onLine;
}
