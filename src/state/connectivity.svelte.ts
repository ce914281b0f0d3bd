import { isProbablyOnline, watchConnectivity } from '../device/connectivity.ts';

/** What the browser believes about the network, for words alone: nothing waits for it. */
export class Connectivity {
  #isOnline = $state(true);

  constructor(isOnline = isProbablyOnline, watch = watchConnectivity) {
    this.#isOnline = isOnline();
    watch((online) => (this.#isOnline = online));
  }

  get isOnline(): boolean {
    return this.#isOnline;
  }
}
