import { outboxPage } from '../db/outbox.ts';
import type { OutboxRow } from '../db/rows.ts';
import { LIMITS } from '../domain/limits.ts';
import { packBatches, readyLanes } from './batches.ts';
import type { SyncContext } from './context.ts';

/**
 * One walk through the outbox, handing out batches to send in local order. It is read page by page,
 * so that a phone that comes back with thousands of captures does not load them all at each step.
 * What shares a point with a batch in flight, or fits in no batch, is left to the next walk with
 * all that follows on its point: nothing overtakes it.
 */
export class Outgoing {
  /** Whether anything was handed out: then a further walk may find what this one left. */
  hasGiven = false;
  readonly #ctx: Pick<SyncContext, 'precious' | 'userId' | 'now'>;
  readonly #isHeld: (row: OutboxRow) => boolean;
  readonly #pageRows: number;
  readonly #inFlight = new Set<string>();
  readonly #stopped = new Set<string>();
  #batches: OutboxRow[][] = [];
  #after: number | null = -Infinity;
  #turn: Promise<unknown> = Promise.resolve();

  /** `isHeld` says of a row that neither it nor what follows on its point may leave in this round. */
  constructor(
    ctx: Pick<SyncContext, 'precious' | 'userId' | 'now'>,
    isHeld: (row: OutboxRow) => boolean,
    pageRows: number = LIMITS.outboxRows,
  ) {
    this.#ctx = ctx;
    this.#isHeld = isHeld;
    this.#pageRows = pageRows;
  }

  /** The next batch, or null at the end of the outbox. Give it back with `release`. */
  next(): Promise<OutboxRow[] | null> {
    const mine = this.#turn.then(() => this.#take());
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  /** A batch is no longer in flight. */
  release(batch: readonly OutboxRow[]): void {
    for (const row of batch) this.#inFlight.delete(row.point_id);
  }

  async #take(): Promise<OutboxRow[] | null> {
    while (this.#batches.length === 0 && this.#after !== null) await this.#read(this.#after);
    const batch = this.#batches.shift();
    if (!batch) return null;
    this.hasGiven = true;
    for (const row of batch) this.#inFlight.add(row.point_id);
    return batch;
  }

  async #read(after: number): Promise<void> {
    const { precious, userId, now } = this.#ctx;
    const page = await outboxPage(precious, after, this.#pageRows);
    this.#after = page.at(-1)?.n ?? null;
    const mine = page.filter((row) => row.user_id === userId);
    for (const row of mine) {
      if (this.#inFlight.has(row.point_id) || this.#isHeld(row)) this.#stopped.add(row.point_id);
    }
    this.#batches = packBatches(readyLanes(mine, now().getTime(), this.#stopped));
    const given = new Set(this.#batches.flat());
    for (const row of mine) {
      if (row.state === 'queued' && !given.has(row)) this.#stopped.add(row.point_id);
    }
  }
}
