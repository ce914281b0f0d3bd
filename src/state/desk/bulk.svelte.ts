import type { Api } from '../../api/client.ts';
import { type BulkAnswer, fetchBulk } from '../../api/review.ts';
import { LIMITS } from '../../domain/limits.ts';
import { type Problem, problemOf } from '../../domain/problems.ts';
import { itemKey, type QueueItem } from '../../domain/queue-item.ts';
import type { Choice, Decisions } from './decisions.svelte.ts';
import type { Queue } from './queue.svelte.ts';

/** Deciding on many new points of one author in one theme, where nothing asks to be looked at closely. */
export class Bulk {
  #api: Api;
  #queue: Queue;
  #decisions: Decisions;
  #like = $state.raw<QueueItem | null>(null);
  #safe = $state.raw<ReadonlyMap<string, BulkAnswer['safe'][number]> | null>(null);
  #why = $state.raw<ReadonlyMap<string, string>>(new Map());
  #left = $state.raw<ReadonlySet<string>>(new Set());
  #problem = $state.raw<Problem | null>(null);

  /** The new points of the same author and theme that are listed, as many as one decision may take. */
  readonly items: readonly QueueItem[] = $derived.by(() => {
    const like = this.#like;
    return like === null ? [] : this.#alike(like).slice(0, LIMITS.bulkItems);
  });

  /** Those that the decision will take. */
  readonly chosen: readonly QueueItem[] = $derived.by(() =>
    this.items.filter((item) => this.isSafe(item) && !this.#left.has(itemKey(item))),
  );

  constructor(api: Api, queue: Queue, decisions: Decisions) {
    this.#api = api;
    this.#queue = queue;
    this.#decisions = decisions;
  }

  get isOn(): boolean {
    return this.#like !== null;
  }

  /** The item that it began from: its author and its theme. */
  get like(): QueueItem | null {
    return this.#like;
  }

  /** Whether the server has not answered yet. */
  get isAsking(): boolean {
    return this.isOn && this.#safe === null && this.#problem === null;
  }

  get problem(): Problem | null {
    return this.#problem;
  }

  /** How many could be decided together with an item, itself included. */
  countLike(item: QueueItem): number {
    return item.kind === 'new' && item.author_id && !item.mine ? this.#alike(item).length : 0;
  }

  isSafe(item: QueueItem): boolean {
    return this.#safe?.has(item.point_id) ?? false;
  }

  isChosen(item: QueueItem): boolean {
    return this.chosen.includes(item);
  }

  /** Why an item must be looked at alone; null when it need not. */
  whyAlone(item: QueueItem): string | null {
    return this.#why.get(item.point_id) ?? null;
  }

  choose(item: QueueItem, isChosen: boolean): void {
    const left = new Set(this.#left);
    if (isChosen) left.delete(itemKey(item));
    else left.add(itemKey(item));
    this.#left = left;
  }

  /** Gathers what is like an item and asks the server which of them are safe. */
  async begin(item: QueueItem): Promise<void> {
    this.end();
    this.#like = item;
    const points = this.items.map(({ point_id }) => point_id);
    try {
      const { safe, unsafe } = await fetchBulk(this.#api, points);
      if (this.#like !== item) return;
      this.#why = new Map(unsafe.map(({ point_id, why }) => [point_id, why]));
      this.#safe = new Map(safe.map((one) => [one.point_id, one]));
    } catch (cause) {
      if (this.#like === item) this.#problem = problemOf(cause);
    }
  }

  /** Takes one decision on those chosen. Answers how many. */
  async decide(choice: Pick<Choice, 'decision' | 'reason' | 'comment'>): Promise<number> {
    const safe = this.#safe;
    const items = this.chosen.flatMap((item) => {
      const seen = safe?.get(item.point_id);
      return seen ? [{ item, rev: seen.rev, photos: seen.photos }] : [];
    });
    await this.#decisions.decideTogether(items, choice);
    this.end();
    return items.length;
  }

  end(): void {
    this.#like = null;
    this.#safe = null;
    this.#why = new Map();
    this.#left = new Set();
    this.#problem = null;
  }

  #alike({ author_id, theme }: QueueItem): QueueItem[] {
    return this.#queue.items.filter(
      (one) => one.kind === 'new' && one.author_id === author_id && one.theme === theme,
    );
  }
}
