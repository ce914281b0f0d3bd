/** A page held open by this lock is in the middle of a capture: its code must not be replaced under it. */
const CAPTURE_LOCK = 'capitelle.capture';
/** How often a page left open asks for a new version. */
const CHECK_MS = 3_600_000;
/** How often an accepted version is asked again to take its place, until it reloads the page. */
const AGREE_AGAIN_MS = 2_000;

/**
 * Watches for a new version of the app. It waits until the person accepts, and is not even offered while a capture is
 * open in any tab of this device.
 */
export class Updates {
  #waiting = $state.raw<ServiceWorker | null>(null);
  #isCapturing = $state(false);
  #release: (() => void) | null = null;
  #isDismissed = $state(false);

  /** A new version is ready and may be offered now. */
  readonly isOffered = $derived(this.#waiting !== null && !this.#isCapturing && !this.#isDismissed);

  /** Installs the service worker and starts watching. */
  async start(): Promise<void> {
    if (!('serviceWorker' in navigator)) return;
    const registration = await navigator.serviceWorker.register('/service-worker.js').catch(() => null);
    if (!registration) return;
    this.#watch(registration.waiting);
    registration.addEventListener('updatefound', () => {
      const arriving = registration.installing;
      arriving?.addEventListener('statechange', () => {
        // without a controller this is the first installation: there is nothing to replace
        if (arriving.state === 'installed' && navigator.serviceWorker.controller) this.#watch(arriving);
      });
    });
    setInterval(() => void registration.update().catch(() => undefined), CHECK_MS);
  }

  /** Says whether the screen in front is a capture. */
  setCapturing(isCapturing: boolean): void {
    this.#isCapturing = isCapturing;
    if (isCapturing && !this.#release) {
      const open = new Promise<void>((resolve) => (this.#release = resolve));
      void navigator.locks?.request(CAPTURE_LOCK, { mode: 'shared' }, () => open);
    } else if (!isCapturing) {
      this.#release?.();
      this.#release = null;
    }
  }

  /** Puts the new version in place and opens it, unless another tab is capturing: then says so by returning false. */
  async accept(): Promise<boolean> {
    const locks = await navigator.locks?.query();
    if (locks?.held?.some((lock) => lock.name === CAPTURE_LOCK)) return false;
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
    navigator.serviceWorker.controller?.postMessage({ type: 'GIVE_WAY' });
    const agree = () => this.#waiting?.postMessage({ type: 'SKIP_WAITING' });
    agree();
    // Seen on a busy machine: the new version stays waiting though nothing is asked of the old one any more. It is told
    // again; the old one is not, for a message would start it.
    setInterval(agree, AGREE_AGAIN_MS);
    return true;
  }

  /** Waits until no tab of this device is capturing any more. */
  async untilNoCapture(): Promise<void> {
    await navigator.locks?.request(CAPTURE_LOCK, () => undefined);
  }

  /** Not now: offered again at the next visit. */
  dismiss(): void {
    this.#isDismissed = true;
  }

  #watch(worker: ServiceWorker | null): void {
    if (worker) this.#waiting = worker;
  }
}
