import type { Api } from '../../api/client.ts';
import { fetchTerritories, type Territory } from '../../api/territories.ts';
import { itemKey, type ItemRef, type QueueItem } from '../../domain/queue-item.ts';
import type { Point } from '../../domain/point.ts';
import type { PreferenceStore } from '../preferences.svelte.ts';
import { Bulk } from './bulk.svelte.ts';
import { type Choice, Decisions } from './decisions.svelte.ts';
import type { DeskDeps } from './deps.ts';
import { KeySwitch } from './key-switch.svelte.ts';
import { Lease } from './lease.svelte.ts';
import { OpenReview } from './open-review.svelte.ts';
import { Pictures, picturesWanted } from './pictures.svelte.ts';
import { Queue } from './queue.svelte.ts';
import { ReviewShelf } from './shelf.ts';
import { TakeAlong } from './take-along.svelte.ts';
import { Templates } from './templates.svelte.ts';

export type { Choice, Returned, Undone } from './decisions.svelte.ts';
export type { Filters, Named } from './filters.ts';
export { type Place, thumbOf } from './pictures.svelte.ts';

/** Items read before they are opened. */
const READ_AHEAD = 2;

/** The review desk: the queue, the item that is open, and what is decided. */
export class Desk {
  #api: Api;
  #userId: () => string | null;
  #lastUser: string | null = null;
  #shelf: ReviewShelf;
  readonly decisions: Decisions;
  readonly queue: Queue;
  readonly open: OpenReview;
  readonly lease: Lease;
  readonly pictures: Pictures;
  readonly bulk: Bulk;
  readonly along: TakeAlong;
  readonly templates: Templates;
  readonly keys: KeySwitch;

  /** Call it where effects live: in a component or an effect root. */
  constructor(deps: DeskDeps, store: PreferenceStore | null) {
    this.#api = deps.api;
    this.#userId = deps.userId;
    this.pictures = new Pictures(deps);
    this.#shelf = new ReviewShelf(deps, this.pictures);
    this.decisions = new Decisions(deps, this.#shelf);
    this.queue = new Queue(deps, this.decisions);
    this.lease = new Lease(deps.api);
    this.open = new OpenReview(this.queue, this.#shelf, this.lease, this.pictures);
    this.bulk = new Bulk(deps.api, this.queue, this.decisions);
    this.along = new TakeAlong(deps, this.queue, this.#shelf, this.pictures);
    this.templates = new Templates(deps.api, deps.cache);
    this.keys = new KeySwitch(store);
  }

  /** Somebody sits down: what another person saw here is gone. */
  begin(): void {
    const user = this.#userId();
    if (user === this.#lastUser) return;
    this.#lastUser = user;
    this.open.close();
    this.bulk.end();
    this.queue.clear();
    this.decisions.clear();
    this.#shelf.clear();
    this.pictures.clear();
  }

  /** Asks what waits, and whether what is being read still does. */
  async refresh(): Promise<void> {
    await this.queue.refresh();
    await this.open.follow();
  }

  /** Reads the next items before they are opened. */
  async readAhead(from: QueueItem): Promise<void> {
    const next = Array.from(
      { length: READ_AHEAD },
      (_, index) => this.queue.beside(from, index + 1) ?? [],
    ).flat();
    await this.#shelf.readAhead(next.filter((item) => itemKey(item) !== itemKey(from)));
    await this.queue.goOn(from);
  }

  /** Takes a decision on an item that was seen as `rev`. What was read of its point is old from now on. */
  async decide(item: QueueItem, rev: number, choice: Choice): Promise<void> {
    await this.decisions.decide(item, rev, choice);
    this.forget(item);
  }

  /** Any point of this person's scope, waiting or not; null when there is no such point, or no network. */
  async pointOf(id: string): Promise<Point | null> {
    const review = await this.#shelf.fetch(id, { point_id: id }).catch(() => null);
    if (review) await this.pictures.want(picturesWanted(review));
    return review?.point ?? null;
  }

  /** Communes, groupings and départements of that name; the départements before anything is typed. */
  async territories(text: string): Promise<readonly Pick<Territory, 'code' | 'name' | 'level'>[]> {
    const q = text.trim();
    const query = q.length < 2 ? { level: 'departement' } : { q };
    return fetchTerritories(this.#api, { ...query, limit: 30 });
  }

  /** What was read of a point is old. */
  forget({ point_id }: Pick<ItemRef, 'point_id'>): void {
    this.#shelf.drop(point_id);
  }
}
