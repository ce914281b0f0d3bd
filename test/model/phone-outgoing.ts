import type { OutboxRow } from '../../src/db/rows.ts';
import { packBatches, readyLanes } from '../../src/sync/batches.ts';
import type { Phone } from './phone.ts';
import type { World } from './world.ts';

/** src/sync/outgoing.ts: one walk through the outbox, page by page, handing out batches. */
export class Outgoing {
  hasGiven = false;
  readonly #world: World;
  readonly #phone: Phone;
  readonly #isHeld: (row: OutboxRow) => boolean;
  readonly #inFlight = new Set<string>();
  readonly #stopped = new Set<string>();
  #batches: OutboxRow[][] = [];
  #after: number | null = -Infinity;

  constructor(world: World, phone: Phone, isHeld: (row: OutboxRow) => boolean) {
    this.#world = world;
    this.#phone = phone;
    this.#isHeld = isHeld;
  }

  next(): OutboxRow[] | null {
    while (this.#batches.length === 0 && this.#after !== null) this.#read(this.#after);
    const batch = this.#batches.shift();
    if (!batch) return null;
    this.hasGiven = true;
    for (const row of batch) this.#inFlight.add(row.point_id);
    return batch;
  }

  release(batch: readonly OutboxRow[]): void {
    for (const row of batch) this.#inFlight.delete(row.point_id);
  }

  #read(after: number): void {
    const { batch, page } = this.#world.options;
    const rows = this.#phone.ordered().filter((row) => (row.n ?? 0) > after);
    const mine = rows.slice(0, 2 * page);
    this.#after = mine.at(-1)?.n ?? null;
    for (const row of mine) {
      if (this.#inFlight.has(row.point_id) || this.#isHeld(row)) this.#stopped.add(row.point_id);
    }
    const lanes = readyLanes(mine, this.#world.hourOf(this.#phone), this.#stopped);
    if (this.#world.mutant === 'edit_overtakes_create') {
      // Each row for itself, the last one first.
      this.#batches = lanes.flatMap((lane) => lane.map((row) => [row]).reverse());
      return;
    }
    // Smaller batches than the real ones; what is cut off is what fitted in none.
    this.#batches = packBatches(lanes).map((rows) => rows.slice(0, batch));
    const given = new Set(this.#batches.flat());
    for (const row of mine) {
      if (row.state === 'queued' && !given.has(row)) this.#stopped.add(row.point_id);
    }
  }
}
