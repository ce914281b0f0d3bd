import type { Api } from '../api/client.ts';
import { searchPoints, type SearchItem } from '../api/points.ts';
import { fetchStats } from '../api/territories.ts';
import { fetchTile } from '../api/tiles.ts';
import {
  type BrowseQuery,
  EMPTY_QUERY,
  formatBrowseQuery,
  looksEverywhere,
  parseBrowseQuery,
} from '../domain/browse-query.ts';
import { distanceMeters, type Position } from '../domain/geo/distance.ts';
import { localTile, type TileablePoint } from '../domain/geo/local-tile.ts';
import { type Bounds, searchLocally } from '../domain/local-search.ts';
import type { Point } from '../domain/point.ts';
import { type Problem, problemOf } from '../domain/problems.ts';
import type { Tile, TileSource } from '../domain/tile.ts';
import { withNarrower } from '../domain/thesaurus/tree.ts';
import { toBrowseItem } from './browse-item.ts';
import type { Catalogue } from './catalogue.svelte.ts';

export interface BrowseDeps {
  readonly api: Api;
  readonly catalogue: Catalogue;
  /** Every point that this device keeps: what is shown without network. */
  readonly cachedPoints: () => Promise<Point[]>;
  /** Where the person stands, when they let the app know. Read reactively. */
  readonly position: () => Position | null;
}

/** A point in the list, with its distance from the person. */
export interface BrowseItem extends SearchItem {
  readonly distanceMeters: number | null;
}

/** `loading`: nothing to show yet. `device`: the answer of this device, for want of network. */
export type BrowsePhase = 'loading' | 'ready' | 'device' | 'failed';

/** What a territory counts, by theme. */
export interface Figures {
  readonly total: number;
  readonly byTheme: Readonly<Record<string, number>>;
  readonly communes: number;
}

const PAGE = 50;
/** With a text or a commune the map draws the answer itself: the largest page there is. */
const WHOLE_PAGE = 200;
/** A pan sends dozens of moves; the list follows when the map rests. */
const REST_MS = 250;
/** Cached points are read again after this long while the network stays away. */
const LOCAL_FRESH_MS = 10_000;

/** The public map and list: one query, one answer, drawn twice. */
export class Browse {
  #deps: BrowseDeps;
  #query = $state.raw<BrowseQuery>(EMPTY_QUERY);
  #bounds = $state.raw<Bounds | null>(null);
  #items = $state.raw<readonly SearchItem[]>([]);
  #total = $state(0);
  #isExact = $state(true);
  #next = $state.raw<string | null>(null);
  #phase = $state<BrowsePhase>('loading');
  #isBusy = $state(false);
  #problem = $state.raw<Problem | null>(null);
  #figures = $state.raw<Figures | null>(null);
  #askedFrom = $state.raw<Position | null>(null);
  #running: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #local: { readonly points: Promise<Point[]>; readonly atMs: number } | null = null;

  /** Points of the answer, nearest first where the person's position is known. */
  readonly items: readonly BrowseItem[] = $derived.by(() => {
    const here = this.#deps.position();
    return this.#items.map((item) => ({
      ...item,
      distanceMeters: here ? distanceMeters(here, item) : null,
    }));
  });

  /** Tiles for the map. Another function when the query changes: what was drawn is void. */
  readonly tileSource: TileSource = $derived.by(() => {
    const query = this.#query;
    if (looksEverywhere(query) || query.statuses.length > 0) {
      const items: readonly TileablePoint[] = this.#items;
      return (z, x, y) => Promise.resolve(localTile(items, z, x, y));
    }
    return (z, x, y, signal) => this.#tile(query, z, x, y, signal);
  });

  constructor(deps: BrowseDeps) {
    this.#deps = deps;
  }

  get query(): BrowseQuery {
    return this.#query;
  }

  get total(): number {
    return this.#total;
  }

  /** Whether `total` is the count, or only the most that the server counts. */
  get isExact(): boolean {
    return this.#isExact;
  }

  get hasMore(): boolean {
    return this.#next !== null;
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

  /** Counts of the whole territory, or of the chosen commune; null until known. */
  get figures(): Figures | null {
    return this.#figures;
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
    if (this.#next !== null && !this.#isBusy) await this.#search(this.#next);
  }

  /** Counts the territory for the figures bar. Silent without network: the bar stays away. */
  async count(): Promise<void> {
    const territory = this.#query.commune;
    try {
      this.#figures = readFigures(await fetchStats(this.#deps.api, territory === null ? {} : { territory }));
    } catch {
      this.#figures = null;
    }
  }

  async #search(after: string | null): Promise<void> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.#isBusy = true;
    const query = this.#query;
    const near = this.#deps.position();
    try {
      const answer = await searchPoints(this.#deps.api, this.#question(query, near, after), running);
      if (running.signal.aborted) return;
      this.#items = after === null ? answer.items : [...this.#items, ...answer.items];
      this.#total = answer.total;
      this.#isExact = answer.exact;
      this.#next = answer.next;
      this.#askedFrom = near;
      this.#problem = null;
      this.#phase = 'ready';
    } catch (cause) {
      if (running.signal.aborted) return;
      await this.#fallBack(problemOf(cause), query, near, running.signal);
    } finally {
      if (this.#running === running) this.#isBusy = false;
    }
  }

  #question(query: BrowseQuery, near: Position | null, after: string | null) {
    const bounds = this.#bounds;
    const isEverywhere = looksEverywhere(query);
    const round = (value: number) => Math.round(value * 1e5) / 1e5;
    return {
      ...(query.text.trim() && { q: query.text.trim() }),
      ...(query.themes.length > 0 && { themes: query.themes }),
      ...(query.concept !== null && { concept: query.concept }),
      ...(query.commune !== null && { commune: query.commune }),
      ...(query.statuses.length > 0 && { statuses: query.statuses }),
      ...(bounds && !isEverywhere && { bbox: bounds.map(round) as unknown as Bounds }),
      ...(near && { near: { lon: round(near.lon), lat: round(near.lat) } }),
      ...(after !== null && { after }),
      limit: isEverywhere || query.statuses.length > 0 ? WHOLE_PAGE : PAGE,
    };
  }

  /** Without network the device answers with what it keeps; any other failure is said. */
  async #fallBack(
    problem: Problem,
    query: BrowseQuery,
    near: Position | null,
    signal: AbortSignal,
  ): Promise<void> {
    this.#problem = problem;
    if (problem.recovery !== 'wait_network' && this.#phase !== 'device') {
      this.#phase = 'failed';
      return;
    }
    const points = await this.#localPoints();
    if (signal.aborted) return;
    const { catalogue } = this.#deps;
    const found = searchLocally(
      points,
      query,
      {
        textOf: (point) => this.#textOf(point),
        conceptsUnder: (concept) => withNarrower(catalogue.thesaurus, concept),
      },
      { bounds: looksEverywhere(query) ? null : this.#bounds, near },
    );
    this.#items = found.slice(0, WHOLE_PAGE).map((point) => toBrowseItem(point, catalogue));
    this.#total = found.length;
    this.#isExact = true;
    this.#next = null;
    this.#askedFrom = near;
    this.#phase = 'device';
  }

  async #tile(query: BrowseQuery, z: number, x: number, y: number, signal: AbortSignal): Promise<Tile> {
    try {
      return await fetchTile(
        this.#deps.api,
        { z, x, y, themes: query.themes, concept: query.concept },
        { signal },
      );
    } catch (cause) {
      if (signal.aborted || problemOf(cause).recovery !== 'wait_network') throw cause;
      const concepts =
        query.concept === null ? null : withNarrower(this.#deps.catalogue.thesaurus, query.concept);
      const points = (await this.#localPoints()).filter(
        (point) =>
          point.status === 'published' &&
          (query.themes.length === 0 || query.themes.includes(point.theme)) &&
          (concepts === null || concepts.has(point.concept ?? '')),
      );
      return localTile(points.map(toTileable), z, x, y);
    }
  }

  #localPoints(): Promise<Point[]> {
    if (!this.#local || Date.now() - this.#local.atMs > LOCAL_FRESH_MS) {
      this.#local = { points: this.#deps.cachedPoints(), atMs: Date.now() };
    }
    return this.#local.points;
  }

  #textOf(point: Point): string {
    const { catalogue } = this.#deps;
    const concept = point.concept === null ? undefined : catalogue.concept(point.concept);
    const names = concept ? [...Object.values(concept.labels), ...Object.values(concept.alt).flat()] : [];
    return [toBrowseItem(point, catalogue).label, ...names].join(' ');
  }
}

function toTileable({ id, theme, concept, geom }: Point): TileablePoint {
  return { id, theme, concept, lon: geom.lon, lat: geom.lat };
}

function readFigures(answer: unknown): Figures | null {
  if (typeof answer !== 'object' || answer === null) return null;
  const { total, by_theme, communes } = answer as Record<string, unknown>;
  const counts = Object.entries((by_theme ?? {}) as Record<string, unknown>);
  return {
    total: Number(total ?? 0),
    byTheme: Object.fromEntries(counts.map(([theme, count]) => [theme, Number(count)])),
    communes: Number(communes ?? 0),
  };
}
