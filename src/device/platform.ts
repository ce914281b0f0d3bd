/** Opened from the home screen. */
export function isInstalled(): boolean {
  const isStandalone = 'standalone' in navigator && navigator.standalone === true;
  return isStandalone || matchMedia('(display-mode: standalone)').matches;
}

/**
 * Whether this device forgets what a page keeps unless the app is on the home screen: iPhone and iPad,
 * where a site that is not opened for seven days of use loses everything (WebKit, 2020). iPads say that
 * they are Macs; no Mac has a touch screen.
 */
export function forgetsUnlessInstalled(): boolean {
  const isApple = /iP(hone|ad|od)/.test(navigator.userAgent);
  const isPad = /Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1;
  return (isApple || isPad) && !isInstalled();
}
