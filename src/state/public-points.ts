import type { Api } from '../api/client.ts';
import { fetchSheet, searchPoints, type SearchItem } from '../api/points.ts';
import { fetchTile } from '../api/tiles.ts';
import { type BrowseQuery, looksEverywhere } from '../domain/browse-query.ts';
import type { Position } from '../domain/geo/distance.ts';
import { localTile, type TileablePoint } from '../domain/geo/local-tile.ts';
import { type Bounds, searchLocally } from '../domain/local-search.ts';
import type { Point } from '../domain/point.ts';
import { problemOf } from '../domain/problems.ts';
import { withNarrower } from '../domain/thesaurus/tree.ts';
import type { Tile } from '../domain/tile.ts';
import { toBrowseItem } from './browse-item.ts';
import type { Catalogue } from './catalogue.svelte.ts';

export interface PublicPointsDeps {
  readonly api: Api;
  readonly catalogue: Catalogue;
  /** Every point that this device keeps: what is shown without network. */
  readonly cachedPoints: () => Promise<Point[]>;
}

/** A page of an answer. */
export interface PointsPage {
  readonly items: readonly SearchItem[];
  readonly total: number;
  /** Whether `total` is the count, or only the most that the server counts. */
  readonly exact: boolean;
  readonly next: string | null;
}

/** A point as the map knows it. */
export interface SelectablePoint extends Position {
  readonly id: string;
  readonly theme: string;
}

/** From where a query is asked. */
export interface Viewpoint {
  readonly bounds: Bounds | null;
  /** Where the person stands: the nearest first. */
  readonly near: Position | null;
}

const PAGE = 50;
/** Where the map draws the answer itself: the largest page there is. */
const WHOLE_PAGE = 200;
/** Cached points are read again after this long while the network stays away. */
const LOCAL_FRESH_MS = 10_000;

/** Whether the map has to draw the answer of the search, no tile of the server being so filtered. */
export function isDrawnFromAnswer(query: BrowseQuery): boolean {
  return looksEverywhere(query) || query.statuses.length > 0;
}

/** What is public, from the server, or from this device where there is no network. */
export class PublicPoints {
  #deps: PublicPointsDeps;
  #local: { readonly points: Promise<Point[]>; readonly atMs: number } | null = null;

  constructor(deps: PublicPointsDeps) {
    this.#deps = deps;
  }

  /** A page of the server's answer. Throws ProblemError. */
  search(
    query: BrowseQuery,
    view: Viewpoint,
    after: string | null,
    signal: AbortSignal,
  ): Promise<PointsPage> {
    return searchPoints(this.#deps.api, question(query, view, after), { signal });
  }

  /** The whole answer of this device. */
  async searchHere(query: BrowseQuery, { bounds, near }: Viewpoint): Promise<PointsPage> {
    const { catalogue } = this.#deps;
    const view = { bounds: looksEverywhere(query) ? null : bounds, near };
    const found = await this.#findHere(query, view);
    const items = found.slice(0, WHOLE_PAGE).map((point) => toBrowseItem(point, catalogue));
    return { items, total: found.length, exact: true, next: null };
  }

  /** What can be said of a point before the server has answered. */
  sketch({ id, theme, lon, lat }: SelectablePoint): SearchItem {
    const label = this.#deps.catalogue.themeLabel(theme);
    return {
      id,
      theme,
      concept: null,
      label,
      status: 'published',
      lon,
      lat,
      commune: null,
      commune_name: null,
    };
  }

  /** A point as a list shows it. Throws ProblemError. */
  async describe(id: string): Promise<SearchItem> {
    const { point, commune } = await fetchSheet(this.#deps.api, id);
    return { ...toBrowseItem(point, this.#deps.catalogue), commune_name: commune?.name ?? null };
  }

  /** A tile of the server, or of this device when the network is away. Throws ProblemError. */
  async tile(query: BrowseQuery, z: number, x: number, y: number, signal: AbortSignal): Promise<Tile> {
    const { themes, concept } = query;
    try {
      return await fetchTile(this.#deps.api, { z, x, y, themes, concept }, { signal });
    } catch (cause) {
      if (signal.aborted || problemOf(cause).recovery !== 'wait_network') throw cause;
      const found = await this.#findHere(query, { bounds: null, near: null });
      return localTile(found.map(toTileable), z, x, y);
    }
  }

  async #findHere(query: BrowseQuery, view: Viewpoint): Promise<Point[]> {
    const { thesaurus } = this.#deps.catalogue;
    const words = {
      textOf: (point: Point) => this.#textOf(point),
      conceptsUnder: (concept: string) => withNarrower(thesaurus, concept),
    };
    return searchLocally(await this.#localPoints(), query, words, view);
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

/** About a metre: a map that rests a hair further asks the same question. */
const round = (degrees: number): number => Math.round(degrees * 1e5) / 1e5;

function question(query: BrowseQuery, { bounds, near }: Viewpoint, after: string | null) {
  const text = query.text.trim();
  const box = bounds?.map(round) as unknown as Bounds | undefined;
  return {
    ...(text && { q: text }),
    ...(query.themes.length > 0 && { themes: query.themes }),
    ...(query.concept !== null && { concept: query.concept }),
    ...(query.commune !== null && { commune: query.commune }),
    ...(query.statuses.length > 0 && { statuses: query.statuses }),
    ...(box && !looksEverywhere(query) && { bbox: box }),
    ...(near && { near: { lon: round(near.lon), lat: round(near.lat) } }),
    ...(after !== null && { after }),
    limit: isDrawnFromAnswer(query) ? WHOLE_PAGE : PAGE,
  };
}
