/** Who a page syncs as, and where. */
export interface PartyConfig {
  readonly url: string;
  /** The peer's database, at that address. */
  readonly database: string;
  readonly publishableKey: string;
  readonly email: string;
  readonly password: string;
  readonly userId: string;
  /** Whether it comes back at once after a failure, as when the network is said to be back. */
  readonly isPersistent: boolean;
}

/** One engine under measure, in its page: the same verbs for all three. */
export interface Party {
  /** Opens the stores, empty, and signs in. */
  open(config: PartyConfig): Promise<void>;
  /** Captures of a run, from the first to before the last, in the local store and not sent. */
  stock(run: number, from: number, to: number): Promise<void>;
  /** Sends what waits. Resolves when the server has answered for all of it. */
  push(): Promise<void>;
  /** Brings the area. Resolves when it is whole. */
  pull(): Promise<void>;
  /** One more capture, as the app saves one. Resolves when it is saved. */
  save(run: number, n: number): Promise<void>;
  /** Captures that still wait, as far as this device knows. */
  waiting(): Promise<number>;
  /** Whether a first point can be read from the local store. */
  isMapUsable(): Promise<boolean>;
  /** Points that can be read from the local store. */
  held(): Promise<number>;
}

/** What a page tells of a push or a pull. */
export interface Timing {
  readonly ms: number;
  /** From the start until the first point could be read; NaN where it was not asked. */
  readonly firstPointMs: number;
  readonly held: number;
  /** Each save made meanwhile, ms. */
  readonly saves: number[];
}

/** What the benchmark calls in a page. */
export interface PartyPage {
  open(config: PartyConfig): Promise<void>;
  stock(run: number, points: number): Promise<void>;
  push(): Promise<Timing>;
  pull(): Promise<Timing>;
  /** A sync, with a save every 100 ms while it lasts, for that long at most. */
  saveDuring(verb: 'push' | 'pull', run: number, limitMs: number): Promise<Timing>;
  waiting(): Promise<number>;
}

declare global {
  interface Window {
    party: PartyPage;
  }
}
