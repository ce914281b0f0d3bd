/** One short pulse, where the device has a motor: what was just done is kept. */
export function pulse(): void {
  if ('vibrate' in navigator) navigator.vibrate(30);
}
