import { fetchQueue, type QueueAnswer } from '../../api/moderation.ts';
import { fetchTerritories } from '../../api/territories.ts';
import type { KeptReview } from '../../db/rows.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Point } from '../../domain/point.ts';
import { type Problem, problemOf } from '../../domain/problems.ts';
import { itemKey, type QueueItem } from '../../domain/queue-item.ts';
import { isEpci } from '../../domain/territory-code.ts';
import { live, type Live } from '../live.svelte.ts';
import type { Decisions } from './decisions.svelte.ts';
import type { DeskDeps } from './deps.ts';
import { itemsOf, unionOf } from './device-items.ts';
import { type Filters, isUnplaced, isWithin, NO_FILTERS, queryOf, type Somewhere } from './filters.ts';
import { type Place, thumbOf } from './pictures.svelte.ts';

/** `device`: the server is out of reach, the queue is what this device took along. */
export type QueuePhase = 'loading' | 'ready' | 'device' | 'failed';

/** The most that the server gives in one page (contract §4). */
const LARGEST_PAGE = 200;
/** Items left before the end of what is listed when the next page is asked for. */
const ASK_AHEAD = 10;

/** What waits for a decision, oldest first, without what was decided here. */
export class Queue {
  #deps: Pick<DeskDeps, 'api' | 'cache' | 'now' | 'wake'>;
  #decisions: Decisions;
  #answer = $state.raw<QueueAnswer | null>(null);
  #filters = $state.raw<Filters>(NO_FILTERS);
  #isLoading = $state(false);
  #problem = $state.raw<Problem | null>(null);
  #points: Live<readonly Point[]>;
  #kept: Live<readonly KeptReview[]>;
  #running: AbortController | null = null;

  readonly #served: readonly QueueItem[] = $derived.by(() => this.#answer?.items ?? []);

  /** What is decided here keeps its place in it for as long as the server lists it. */
  readonly #listed: readonly QueueItem[] = $derived.by(() =>
    this.#problem ? this.#onDevice() : this.#served,
  );

  readonly items: readonly QueueItem[] = $derived.by(() => this.#waitingOf(this.#listed));

  readonly phase: QueuePhase = $derived.by(() => {
    if (this.#isLoading && !this.#answer && !this.#problem) return 'loading';
    if (!this.#problem) return 'ready';
    const known = [this.#points.current, this.#kept.current, this.#served];
    return known.some((list) => list.length > 0) ? 'device' : 'failed';
  });

  /** How many wait, those not yet fetched included. */
  readonly total: number = $derived.by(() => {
    const decided = this.#served.filter((item) => this.#decisions.isDecided(item)).length;
    return Math.max(this.items.length, (this.#answer?.total ?? 0) - decided);
  });

  /** Call it where effects live: in a component or an effect root. */
  constructor(deps: Pick<DeskDeps, 'api' | 'cache' | 'now' | 'wake'>, decisions: Decisions) {
    this.#deps = deps;
    this.#decisions = decisions;
    this.#points = live(async () => {
      const rows = await deps.cache().points.where('held').equals('m:me').toArray();
      return rows.map((row) => row.point);
    }, []);
    this.#kept = live(() => deps.cache().reviews.toArray(), []);
  }

  get problem(): Problem | null {
    return this.#problem;
  }

  get filters(): Filters {
    return this.#filters;
  }

  /** The place that the queue is narrowed to and that this device cannot tell without the server; else null. */
  get unplaced(): Somewhere | null {
    const { territory } = this.#filters;
    return this.phase === 'device' && isUnplaced(territory) ? territory : null;
  }

  /** How many wait by theme and kind; null where only the server knows. */
  get counts(): QueueAnswer['counts'] | null {
    return this.#problem ? null : (this.#answer?.counts ?? null);
  }

  /** Whether the server has more than is listed. */
  get hasMore(): boolean {
    return (this.#answer?.next ?? null) !== null;
  }

  /** An item of the list, decided or not. */
  find(key: string): QueueItem | null {
    const isIt = (item: QueueItem) => itemKey(item) === key;
    return this.items.find(isIt) ?? this.#served.find(isIt) ?? null;
  }

  /** The item that comes `step` places after (before, when negative) one that may have left the list. */
  beside(item: QueueItem, step: number): QueueItem | null {
    const place = this.items.findIndex((one) => itemKey(one) === itemKey(item));
    if (place >= 0) return this.items[place + step] ?? null;
    const gap = this.#placeOf(item);
    return this.items[step > 0 ? gap + step - 1 : gap + step] ?? this.items.at(-1) ?? null;
  }

  /** The small picture of an item; null when it has none. */
  thumbOf(item: QueueItem): Place | null {
    if (item.thumb_url || item.thumb_path) return { url: item.thumb_url, path: item.thumb_path };
    const point = this.#points.current.find(({ id }) => id === item.point_id);
    const photo = point?.photos[0];
    return photo ? thumbOf(photo) : null;
  }

  /** Somebody else is at the desk. */
  clear(): void {
    this.#running?.abort();
    this.#answer = null;
    this.#problem = null;
    this.#filters = NO_FILTERS;
  }

  async narrow(change: Partial<Filters>): Promise<void> {
    this.#filters = { ...this.#filters, ...change };
    this.#answer = null;
    await Promise.all([this.refresh(), change.territory && this.#learn(change.territory)]);
  }

  /** Asks the server what waits, as much as is listed. Without network the device's own copy stays. */
  async refresh(): Promise<void> {
    const arrived = this.#decisions.arrived();
    const limit = Math.min(LARGEST_PAGE, Math.max(LIMITS.queuePage, this.#served.length));
    const answer = await this.#ask({ limit });
    if (!answer) return;
    this.#answer = answer;
    // The answer knows of what had arrived when it was asked, a point sent again included.
    this.#decisions.forget(arrived);
    this.#deps.wake();
  }

  /** Asks for the next page when somebody comes near the end of the list. */
  async goOn(from: QueueItem): Promise<void> {
    const left = this.items.length - this.items.findIndex((one) => itemKey(one) === itemKey(from));
    if (left <= ASK_AHEAD) await this.more();
  }

  /** Asks for the next page. */
  async more(): Promise<void> {
    const after = this.#answer?.next;
    if (!after || this.#isLoading) return;
    const page = await this.#ask({ limit: LIMITS.queuePage, after });
    if (!page || !this.#answer) return;
    const known = new Set(this.#served.map(itemKey));
    const fresh = page.items.filter((item) => !known.has(itemKey(item)));
    this.#answer = { ...page, items: [...this.#served, ...fresh] };
  }

  /** Learns which communes an EPCI has: without network nothing else tells what lies in it. */
  async #learn(place: Somewhere): Promise<void> {
    if (!isEpci(place.id)) return;
    const query = { level: 'commune', within: place.id };
    const found = await fetchTerritories(this.#deps.api, query).catch(() => null);
    if (!found || this.#filters.territory !== place) return;
    this.#filters = { ...this.#filters, territory: { ...place, communes: found.map(({ code }) => code) } };
  }

  async #ask(page: { limit: number; after?: string }): Promise<QueueAnswer | null> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.#isLoading = true;
    try {
      const answer = await fetchQueue(this.#deps.api, { ...queryOf(this.#filters), ...page }, running);
      if (running.signal.aborted) return null;
      this.#problem = null;
      return answer;
    } catch (cause) {
      if (!running.signal.aborted) this.#problem = problemOf(cause);
      return null;
    } finally {
      if (this.#running === running) this.#isLoading = false;
    }
  }

  #waitingOf(items: readonly QueueItem[]): readonly QueueItem[] {
    return items.filter((item) => !this.#decisions.isDecided(item));
  }

  /** How many of those that wait come before an item that waits no more. */
  #placeOf(item: QueueItem): number {
    const before = this.#listed.findIndex((one) => itemKey(one) === itemKey(item));
    if (before >= 0) return this.#waitingOf(this.#listed.slice(0, before)).length;
    // Nothing tells its place among those of its instant: better one read twice than one passed over.
    const after = this.items.findIndex((one) => one.waiting_since >= item.waiting_since);
    return after < 0 ? this.items.length : after;
  }

  /** Without the server: what it had listed, what was taken along, and the points that the engine brings. */
  #onDevice(): QueueItem[] {
    const taken = this.#kept.current.map(({ item }) => item);
    const others = this.#points.current.flatMap(itemsOf);
    const kept = unionOf(taken, others).filter((item) => isWithin(item, this.#filters, this.#deps.now()));
    return unionOf(this.#served, kept).toSorted((a, b) => a.waiting_since.localeCompare(b.waiting_since));
  }
}
