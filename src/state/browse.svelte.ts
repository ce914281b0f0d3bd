import type { SearchItem } from '../api/points.ts';
import { fetchTerritories, type Territory } from '../api/territories.ts';
import {
  type BrowseQuery,
  EMPTY_QUERY,
  formatBrowseQuery,
  looksEverywhere,
  parseBrowseQuery,
} from '../domain/browse-query.ts';
import { distanceMeters, type Position } from '../domain/geo/distance.ts';
import { localTile } from '../domain/geo/local-tile.ts';
import { type Bounds, boxOf } from '../domain/local-search.ts';
import { type Problem, problemOf } from '../domain/problems.ts';
import type { TileSource } from '../domain/tile.ts';
import { fetchFigures, type Figures } from './figures.ts';
import {
  isDrawnFromAnswer,
  type PointsPage,
  PublicPoints,
  type PublicPointsDeps,
  type SelectablePoint,
  type Viewpoint,
} from './public-points.ts';

export interface BrowseDeps extends PublicPointsDeps {
  /** Where the person stands, when they let the app know. Read reactively. */
  readonly position: () => Position | null;
}

/** A point in the list, with its distance from the person. */
export interface BrowseItem extends SearchItem {
  readonly distanceMeters: number | null;
}

/** `loading`: nothing to show yet. `device`: the answer of this device, for want of network. */
export type BrowsePhase = 'loading' | 'ready' | 'device' | 'failed';

/** A pan sends dozens of moves; the list follows when the map rests. */
const REST_MS = 250;
/** More than that covers the list. */
const COMMUNES_SUGGESTED = 4;

/** The public map and list: one query, one answer, drawn twice. */
export class Browse {
  #deps: BrowseDeps;
  #points: PublicPoints;
  #query = $state.raw<BrowseQuery>(EMPTY_QUERY);
  #bounds = $state.raw<Bounds | null>(null);
  #page = $state.raw<PointsPage>({ items: [], total: 0, exact: true, next: null });
  #phase = $state<BrowsePhase>('loading');
  #isBusy = $state(false);
  #problem = $state.raw<Problem | null>(null);
  #figures = $state.raw<Figures | null>(null);
  #askedFrom = $state.raw<Position | null>(null);
  #selected = $state.raw<SearchItem | null>(null);
  #running: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Points of the answer, nearest first where the person's position is known. */
  readonly items: readonly BrowseItem[] = $derived.by(() =>
    this.#page.items.map((item) => this.#withDistance(item)),
  );

  /** Tiles for the map. Another function when the query changes: what was drawn is void. */
  readonly tileSource: TileSource = $derived.by(() => {
    const query = this.#query;
    if (isDrawnFromAnswer(query)) {
      const { items } = this.#page;
      return (z, x, y) => Promise.resolve(localTile(items, z, x, y));
    }
    return (z, x, y, signal) => this.#points.tile(query, z, x, y, signal);
  });

  constructor(deps: BrowseDeps) {
    this.#deps = deps;
    this.#points = new PublicPoints(deps);
  }

  get query(): BrowseQuery {
    return this.#query;
  }

  get total(): number {
    return this.#page.total;
  }

  /** Whether `total` is the count, or only the most that the server counts. */
  get isExact(): boolean {
    return this.#page.exact;
  }

  get hasMore(): boolean {
    return this.#page.next !== null;
  }

  get phase(): BrowsePhase {
    return this.#phase;
  }

  /** An answer is on its way; the one before stays in sight meanwhile. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  get problem(): Problem | null {
    return this.#problem;
  }

  /** Whether the answer was sorted from where the person stands. */
  get isByDistance(): boolean {
    return this.#askedFrom !== null;
  }

  /** Whether the answer covers the whole territory and not only what the map shows. */
  get isEverywhere(): boolean {
    return looksEverywhere(this.#query);
  }

  /** Box of an answer that covers the whole territory: what the map should show. Else null. */
  readonly extent: Bounds | null = $derived.by(() =>
    looksEverywhere(this.#query) ? boxOf(this.#page.items) : null,
  );

  /** Name of the chosen commune, as soon as a point of it is known. */
  get communeName(): string | null {
    const { commune } = this.#query;
    return this.#page.items.find((item) => item.commune === commune)?.commune_name ?? null;
  }

  /** Communes that a text may name, a few; none without network. */
  async findCommunes(text: string): Promise<readonly Territory[]> {
    const query = { level: 'commune', q: text.trim(), limit: COMMUNES_SUGGESTED };
    return fetchTerritories(this.#deps.api, query).catch(() => []);
  }

  /** Counts of the whole territory, or of the chosen commune; null until known. */
  get figures(): Figures | null {
    return this.#figures;
  }

  /** The point that a finger chose on the map; null when none is. */
  get selected(): BrowseItem | null {
    const item = this.#selected;
    return item && this.#withDistance(item);
  }

  /** Chooses a point of the map, at once by what the map knows, then with its name and photo. */
  async select(point: SelectablePoint | null): Promise<void> {
    const known = point && this.#page.items.find((item) => item.id === point.id);
    this.#selected = known ?? (point && this.#points.sketch(point));
    if (!point || known) return;
    const item = await this.#points.describe(point.id).catch(() => null);
    if (item && this.#selected?.id === point.id) this.#selected = item;
  }

  /** Takes the query from the address: the part behind `?`. */
  open(search: string): void {
    const next = parseBrowseQuery(search);
    if (formatBrowseQuery({ ...next, view: 'map' }) === formatBrowseQuery({ ...this.#query, view: 'map' })) {
      // Between map and list only the drawing changes.
      this.#query = next;
      return;
    }
    this.#query = next;
    this.refresh();
  }

  /** Address of the home screen for this query with some parts changed. */
  addressOf(change: Partial<BrowseQuery> = {}): string {
    const search = formatBrowseQuery({ ...this.#query, ...change });
    return search ? `#/?${search}` : '#/';
  }

  /** The map shows this; the list follows once it rests. */
  look(bounds: Bounds): void {
    const isFirst = this.#bounds === null;
    this.#bounds = bounds;
    if (looksEverywhere(this.#query) && !isFirst) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.refresh(), isFirst ? 0 : REST_MS);
  }

  /** Asks again. The answer in sight stays until the next one. */
  refresh(): void {
    clearTimeout(this.#timer);
    void this.#search(null);
  }

  /** The next page. */
  async more(): Promise<void> {
    const { next } = this.#page;
    if (next !== null && !this.#isBusy) await this.#search(next);
  }

  /** Counts a territory, or all, for the figures bar. Silent without network: the bar stays away. */
  async count(territory: string | null): Promise<void> {
    this.#figures = await fetchFigures(this.#deps.api, territory).catch(() => null);
  }

  #withDistance(item: SearchItem): BrowseItem {
    const here = this.#deps.position();
    return { ...item, distanceMeters: here && distanceMeters(here, item) };
  }

  async #search(after: string | null): Promise<void> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.#isBusy = true;
    const query = this.#query;
    const view = { bounds: this.#bounds, near: this.#deps.position() };
    try {
      const page = await this.#points.search(query, view, after, running.signal);
      if (running.signal.aborted) return;
      const before = after === null ? [] : this.#page.items;
      this.#show({ ...page, items: [...before, ...page.items] }, view, 'ready', null);
    } catch (cause) {
      if (!running.signal.aborted) await this.#fallBack(problemOf(cause), query, view, running);
    } finally {
      if (this.#running === running) this.#isBusy = false;
    }
  }

  /** Without network the device answers with what it keeps; any other failure is said. */
  async #fallBack(
    problem: Problem,
    query: BrowseQuery,
    view: Viewpoint,
    running: AbortController,
  ): Promise<void> {
    if (problem.recovery !== 'wait_network') {
      this.#problem = problem;
      this.#phase = 'failed';
      return;
    }
    const page = await this.#points.searchHere(query, view);
    if (!running.signal.aborted) this.#show(page, view, 'device', problem);
  }

  #show(page: PointsPage, view: Viewpoint, phase: BrowsePhase, problem: Problem | null): void {
    this.#page = page;
    this.#askedFrom = view.near;
    this.#phase = phase;
    this.#problem = problem;
  }
}
