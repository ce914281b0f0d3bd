import { type Problem, problemOf } from '../../domain/problems.ts';
import { itemKey, type QueueItem, refOfKey } from '../../domain/queue-item.ts';
import type { Review } from '../../domain/review.ts';
import type { Lease } from './lease.svelte.ts';
import { type Pictures, picturesWanted } from './pictures.svelte.ts';
import type { Queue } from './queue.svelte.ts';
import type { ReviewShelf } from './shelf.ts';

/** What was read longer ago is asked for again once it shows. */
const FRESH_MS = 20_000;

/** `device`: read from what this device keeps. `missing`: nothing is known of it, for `problem`. */
export type ReviewPhase = 'loading' | 'ready' | 'device' | 'missing';

/** The one item that is being judged. */
export class OpenReview {
  #queue: Queue;
  #shelf: ReviewShelf;
  #lease: Lease;
  #pictures: Pictures;
  #key = $state.raw<string | null>(null);
  #listed = $state.raw<QueueItem | null>(null);
  #review = $state.raw<Review | null>(null);
  #newer = $state.raw<Review | null>(null);
  #problem = $state.raw<Problem | null>(null);
  #isLoading = $state(false);
  /** Fields and photos that the moderator does not take. */
  #declined = $state.raw<readonly string[]>([]);

  readonly phase: ReviewPhase = $derived.by(() => {
    if (this.#review) return this.#problem ? 'device' : 'ready';
    return this.#isLoading || !this.#problem ? 'loading' : 'missing';
  });

  /** The item, as the server last told it; null when nothing waits any more. */
  readonly item: QueueItem | null = $derived.by(() => (this.#review ? this.#review.item : this.#listed));

  constructor(queue: Queue, shelf: ReviewShelf, lease: Lease, pictures: Pictures) {
    this.#queue = queue;
    this.#shelf = shelf;
    this.#lease = lease;
    this.#pictures = pictures;
  }

  get key(): string | null {
    return this.#key;
  }

  get review(): Review | null {
    return this.#review;
  }

  get problem(): Problem | null {
    return this.#problem;
  }

  /** Whether the item changed while it was being read: what is shown is not what would be decided on. */
  get isOutdated(): boolean {
    return this.#newer !== null;
  }

  /** Whether a field, or a photo by its id, is taken. */
  isTaken(what: string): boolean {
    return !this.#declined.includes(what);
  }

  take(what: string, isTaken: boolean): void {
    const others = this.#declined.filter((one) => one !== what);
    this.#declined = isTaken ? others : [...others, what];
  }

  /** Opens an item, giving the one before back. What was read ahead shows at once. */
  async open(key: string): Promise<void> {
    if (this.#key === key) return;
    const read = this.#shelf.peek(key);
    this.#key = key;
    this.#listed = this.#queue.find(key);
    this.#review = read?.review ?? null;
    this.#newer = null;
    this.#problem = null;
    this.#declined = [];
    const pointId = refOfKey(key)?.pointId;
    if (pointId) void this.#lease.take(pointId);
    if (read) void this.#pictures.want(picturesWanted(read.review));
    if (!read || Date.now() - read.at > FRESH_MS) await this.reread();
  }

  /** Asks the server again. Without network what this device keeps is shown. */
  async reread(): Promise<void> {
    const key = this.#key;
    const named = key === null ? null : refOfKey(key);
    if (key === null || named === null) return;
    const { pointId, rest } = named;
    // A revision and a report are both known by their id: the server finds which.
    const isId = refOfKey(rest ?? '') !== null;
    const ref = this.#listed ?? { point_id: pointId, ...(isId && { revision_id: rest }) };
    this.#isLoading = true;
    try {
      const review = await this.#shelf.fetch(key, ref);
      if (this.#key !== key) return;
      this.#problem = null;
      this.#receive(review);
    } catch (cause) {
      if (this.#key !== key) return;
      this.#review ??= await this.#shelf.onDevice(key, this.#listed, pointId);
      this.#problem = problemOf(cause);
    } finally {
      if (this.#key === key) this.#isLoading = false;
    }
    if (this.#review) await this.#pictures.want(picturesWanted(this.#review));
  }

  /** Looks again when the queue says that the item changed or left while it is read. */
  async follow(): Promise<void> {
    const key = this.#key;
    if (key === null || this.#review === null || this.#queue.phase !== 'ready') return;
    const listed = this.#queue.find(key);
    const isSame = listed?.rev === this.#review.point.rev || (listed === null && this.#queue.hasMore);
    if (!isSame && this.#review.item !== null) await this.reread();
  }

  /** Shows what the item has become. */
  showNewer(): void {
    if (!this.#newer) return;
    this.#review = this.#newer;
    this.#newer = null;
    this.#declined = [];
  }

  close(): void {
    this.#lease.release();
    this.#key = null;
    this.#listed = null;
    this.#review = null;
    this.#newer = null;
  }

  /** What somebody reads does not change under their eyes: it is said, and shown when they ask. */
  #receive(review: Review): void {
    const shown = this.#review;
    const isSame = shown?.point.rev === review.point.rev && keyOf(shown) === keyOf(review);
    if (!shown || isSame) this.#review = review;
    else this.#newer = review;
  }
}

const keyOf = ({ item }: Review) => (item ? itemKey(item) : null);
