import { fail } from './invariants.ts';
import { Ticket, type Wait } from './network.ts';
import { round } from './phone-round.ts';
import type { Phone } from './phone.ts';
import type { World } from './world.ts';

/**
 * Work of a tab, cut into steps: `null` after each durable write, a wait where it needs an answer.
 * Between two steps the tab may be killed, and other tabs and phones may go on.
 */
export type Steps<T> = Generator<Wait | null, T, undefined>;

/** One tab of the app: it runs rounds one step at a time. */
export class Tab {
  readonly phone: Phone;
  readonly #world: World;
  #work: Steps<unknown> | null = null;
  #wait: Wait | null = null;

  constructor(world: World, phone: Phone) {
    this.#world = world;
    this.phone = phone;
  }

  get isBusy(): boolean {
    return this.#work !== null;
  }

  close(): void {
    this.#work = null;
    this.#wait = null;
  }

  /** Gives up waiting for an answer: the time of its calls is over. */
  timeOut(): void {
    this.#wait?.giveUp();
  }

  /** Goes on by one step, starting a round when none runs. Returns whether anything happened. */
  step(): boolean {
    if (!this.#work) {
      if (!this.#world.mayStart(this)) return false;
      this.#work = round(this.#world, this.phone);
    }
    if (this.#wait && !this.#wait.isOver()) return false;
    const { done, value } = resume(this.phone, this.#work, this.#wait);
    this.#wait = done ? null : value;
    if (done) this.#work = null;
    return true;
  }
}

/** Resumes work with what it waited for. An answer that nobody may believe deletes nothing (I9). */
export function resume<T>(phone: Phone, work: Steps<T>, wait: Wait | null): IteratorResult<Wait | null, T> {
  if (!(wait instanceof Ticket && wait.isSuspicious)) return work.next();
  const before = heldBy(phone);
  try {
    return work.next();
  } finally {
    const after = new Set(heldBy(phone));
    if (before.some((id) => !after.has(id))) fail('I9', 'a suspicious answer deleted something');
  }
}

function heldBy({ outbox, points, photoBytes, sent }: Phone): string[] {
  const rows = outbox.map((row) => row.mutation_id);
  return [...rows, ...points.keys(), ...photoBytes, ...sent.keys()];
}
