import type { RoadShape } from './cases.ts';

/** What a TCP segment carries on an ordinary road. */
const SEGMENT_BYTES = 1_448;
/** Segments in flight at the start of a connection (RFC 6928). */
const FIRST_WINDOW = 10;
/** Linux waits at least that long, beyond the round trip, before it sends a lost last segment again. */
const MINIMUM_RTO_MS = 200;
/** Segments that must follow a lost one for its loss to be noticed within a round trip (RFC 5681). */
const DUPLICATES = 3;

/** The wire that all connections of a direction share. */
export class Wire {
  #freeAt = 0;
  readonly #bitsPerSecond: number | null;

  constructor(bitsPerSecond: number | null) {
    this.#bitsPerSecond = bitsPerSecond;
  }

  /** When the last bit of a segment given at `now` has left. */
  send(bytes: number, now: number): number {
    if (this.#bitsPerSecond === null) return now;
    this.#freeAt = Math.max(now, this.#freeAt) + (bytes * 8_000) / this.#bitsPerSecond;
    return this.#freeAt;
  }
}

interface Arrival {
  readonly at: number;
  readonly bytes: Buffer | null;
}

/**
 * One direction of one TCP connection, as a model: segments of 1 448 bytes, half a round trip each,
 * delivered in order; slow start from ten segments, then one more a round trip; a lost segment
 * arrives a round trip later when three others follow it, else after the retransmission timeout,
 * holds those behind it, and halves the window. The first bytes wait for the handshake.
 */
export class Flow {
  readonly #shape: RoadShape;
  readonly #wire: Wire;
  readonly #chance: () => number;
  readonly #deliver: (bytes: Buffer | null) => void;
  readonly #queue: Buffer[] = [];
  readonly #arrivals: Arrival[] = [];
  readonly #opensAt: number;
  #window = FIRST_WINDOW;
  #threshold = Infinity;
  #inFlight = 0;
  #lastArrival = 0;
  #isEnding = false;
  #isClosed = false;
  #isTimed = false;

  /** `deliver` gets the bytes in order, then null. */
  constructor(shape: RoadShape, wire: Wire, chance: () => number, deliver: (bytes: Buffer | null) => void) {
    this.#shape = shape;
    this.#wire = wire;
    this.#chance = chance;
    this.#deliver = deliver;
    this.#opensAt = performance.now() + shape.rttMs;
  }

  write(bytes: Buffer): void {
    for (let from = 0; from < bytes.length; from += SEGMENT_BYTES) {
      this.#queue.push(bytes.subarray(from, from + SEGMENT_BYTES));
    }
    this.#pump();
  }

  end(): void {
    this.#isEnding = true;
    this.#pump();
  }

  /** Nothing is delivered any more. */
  close(): void {
    this.#isClosed = true;
    this.#queue.length = 0;
    this.#arrivals.length = 0;
  }

  #pump(): void {
    while (this.#queue.length > 0 && this.#inFlight < Math.floor(this.#window)) {
      const segment = this.#queue.shift();
      if (segment) this.#send(segment);
    }
    if (this.#isEnding && this.#queue.length === 0) {
      this.#isEnding = false;
      this.#arrive(this.#lastArrival, null);
    }
  }

  #send(segment: Buffer): void {
    const { rttMs, loss } = this.#shape;
    const left = this.#wire.send(segment.length, Math.max(performance.now(), this.#opensAt));
    let at = left + rttMs / 2;
    if (loss > 0 && this.#chance() < loss) {
      at += rttMs + (this.#queue.length >= DUPLICATES ? 0 : MINIMUM_RTO_MS);
      this.#threshold = Math.max(2, this.#window / 2);
      this.#window = this.#threshold;
    }
    this.#inFlight += 1;
    this.#arrive(Math.max(at, this.#lastArrival), segment);
  }

  #arrive(at: number, bytes: Buffer | null): void {
    this.#lastArrival = at;
    this.#arrivals.push({ at, bytes });
    this.#plan();
  }

  #plan(): void {
    const [first] = this.#arrivals;
    if (this.#isTimed || !first) return;
    this.#isTimed = true;
    setTimeout(() => this.#hand(), Math.max(0, first.at - performance.now()));
  }

  #hand(): void {
    this.#isTimed = false;
    const now = performance.now();
    let first = this.#arrivals[0];
    while (first && first.at <= now + 0.5 && !this.#isClosed) {
      this.#arrivals.shift();
      if (first.bytes) setTimeout(() => this.#acknowledge(), this.#shape.rttMs / 2);
      this.#deliver(first.bytes);
      first = this.#arrivals[0];
    }
    this.#plan();
  }

  #acknowledge(): void {
    this.#inFlight -= 1;
    this.#window += this.#window < this.#threshold ? 1 : 1 / this.#window;
    if (!this.#isClosed) this.#pump();
  }
}
