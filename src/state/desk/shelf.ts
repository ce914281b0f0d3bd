import { fetchReview } from '../../api/review.ts';
import type { KeptReview } from '../../db/rows.ts';
import { itemKey, type ItemRef, type QueueItem } from '../../domain/queue-item.ts';
import { type Review, reviewOfPoint } from '../../domain/review.ts';
import type { DeskDeps } from './deps.ts';
import { type Pictures, picturesWanted } from './pictures.svelte.ts';

interface Read {
  readonly review: Review;
  /** Unix milliseconds at which the server told it. */
  readonly at: number;
}

/** Reviews read ahead or lately, and those taken along on the device. */
export class ReviewShelf {
  #deps: Pick<DeskDeps, 'api' | 'cache' | 'now'>;
  #pictures: Pictures;
  #read = new Map<string, Read>();
  #asked = new Map<string, Promise<Review>>();
  #released = new Map<string, KeptReview>();

  constructor(deps: Pick<DeskDeps, 'api' | 'cache' | 'now'>, pictures: Pictures) {
    this.#deps = deps;
    this.#pictures = pictures;
  }

  /** What was read of an item; null when it has not been. */
  peek(key: string): Read | null {
    return this.#read.get(key) ?? null;
  }

  /** Asks the server. Two who ask for the same item wait for one answer. Throws ProblemError. */
  fetch(key: string, ref: ItemRef): Promise<Review> {
    const asked = this.#asked.get(key) ?? this.#fetch(key, ref).finally(() => this.#asked.delete(key));
    this.#asked.set(key, asked);
    return asked;
  }

  /** What this device can show of an item on its own; null when it knows nothing of it. */
  async onDevice(key: string, item: QueueItem | null, pointId: string): Promise<Review | null> {
    const cache = this.#deps.cache();
    const kept = await cache.reviews.get(key);
    if (kept) return kept.review;
    const point = (await cache.points.get(pointId))?.point;
    return point && item ? reviewOfPoint(point, item) : null;
  }

  /** Reads items before they are opened, their photos too. What fails is read when it is opened. */
  async readAhead(items: readonly QueueItem[]): Promise<void> {
    for (const item of items) {
      const key = itemKey(item);
      if (this.#read.has(key)) continue;
      const review = await this.fetch(key, item).catch(() => null);
      if (review) await this.#pictures.warm(picturesWanted(review));
    }
  }

  /** After a decision what was read of a point is old. */
  drop(pointId: string): void {
    for (const key of this.#read.keys()) if (key.startsWith(pointId)) this.#read.delete(key);
  }

  /** What is decided on waits no more, with or without network. */
  async release(keys: readonly string[]): Promise<void> {
    const { reviews } = this.#deps.cache();
    for (const kept of await reviews.bulkGet([...keys])) if (kept) this.#released.set(kept.key, kept);
    await reviews.bulkDelete([...keys]);
  }

  /** The decision was taken back: it waits again. */
  async giveBack(key: string): Promise<void> {
    const kept = this.#released.get(key);
    if (kept) await this.#deps.cache().reviews.put(kept);
  }

  /** Somebody else is at the desk. */
  clear(): void {
    this.#read.clear();
    this.#released.clear();
  }

  /** Keeps an item on the device. */
  async keep(kept: Omit<KeptReview, 'at'>): Promise<void> {
    await this.#deps.cache().reviews.put({ ...kept, at: this.#deps.now().toISOString() });
  }

  async #fetch(key: string, ref: ItemRef): Promise<Review> {
    const review = await fetchReview(this.#deps.api, ref);
    this.#read.set(key, { review, at: Date.now() });
    const kept = await this.#deps.cache().reviews.get(key);
    if (kept && review.item) await this.keep({ key, item: review.item, review });
    return review;
  }
}
