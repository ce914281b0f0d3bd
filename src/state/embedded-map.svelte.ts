import { fetchThemes, type Instance } from '../api/catalogue.ts';
import type { Api } from '../api/client.ts';
import { fetchSheet, searchPoints, type SearchItem } from '../api/points.ts';
import { fetchTerritories, type Territory } from '../api/territories.ts';
import { fetchTile } from '../api/tiles.ts';
import type { EmbedOptions } from '../domain/embed.ts';
import { labelIn } from '../domain/language.ts';
import type { Bounds } from '../domain/local-search.ts';
import { firstThumb } from '../domain/point.ts';
import { givenName } from '../domain/point-title.ts';
import { type Problem, problemOf } from '../domain/problems.ts';
import type { Theme } from '../domain/theme.ts';
import { conceptLabel } from '../domain/thesaurus/label.ts';
import type { TileSource } from '../domain/tile.ts';

interface Deps {
  readonly api: Api;
  readonly options: EmbedOptions;
  readonly language: 'fr' | 'en';
}

/** A point as a page in a frame tells it. */
export interface EmbeddedPoint {
  readonly id: string;
  readonly theme: string;
  readonly name: string;
  readonly where: string | null;
  /** Address of a small photo; null when it has none. */
  readonly thumb: string | null;
}

interface Listed {
  readonly points: readonly EmbeddedPoint[];
  readonly total: number;
  readonly exact: boolean;
}

/** A pan sends dozens of moves; the list follows when the map rests. */
const REST_MS = 250;

/** The public map on somebody else's page: read only, nothing kept. */
export class EmbeddedMap {
  readonly options: EmbedOptions;
  readonly #deps: Deps;
  #themes = $state.raw<readonly Theme[]>([]);
  #instance = $state.raw<Instance | null>(null);
  #territory = $state.raw<Territory | null>(null);
  #phase = $state<'loading' | 'ready' | 'failed'>('loading');
  #problem = $state.raw<Problem | null>(null);
  #listed = $state.raw<Listed | null>(null);
  #chosen = $state.raw<EmbeddedPoint | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: AbortController | null = null;

  constructor(deps: Deps) {
    this.#deps = deps;
    this.options = deps.options;
  }

  get phase(): 'loading' | 'ready' | 'failed' {
    return this.#phase;
  }

  get problem(): Problem | null {
    return this.#problem;
  }

  /** The inventories shown: all, or those asked for that exist. */
  get themes(): readonly Theme[] {
    const { themes } = this.options;
    return themes.length === 0 ? this.#themes : this.#themes.filter(({ id }) => themes.includes(id));
  }

  /** Where the whole inventory is read, without a trailing slash. */
  get publicUrl(): string {
    return (this.#instance?.public_url ?? location.origin).replace(/\/+$/, '');
  }

  get territory(): Territory | null {
    return this.#territory;
  }

  /** What the map opens on: west, south, east, north, degrees; undefined where nobody said. */
  get bounds(): Bounds | undefined {
    const box = this.#territory?.bbox ?? this.#instance?.bbox;
    return box?.length === 4 && box.every((side) => side != null) ? (box as unknown as Bounds) : undefined;
  }

  /** What lies in sight; null until first asked. */
  get listed(): Listed | null {
    return this.#listed;
  }

  get chosen(): EmbeddedPoint | null {
    return this.#chosen;
  }

  themeName(id: string): string {
    return labelIn(this.#themes.find((theme) => theme.id === id)?.labels, this.#deps.language) || id;
  }

  /** Reads what the map needs before it is drawn. Never throws: see `problem`. */
  async open(): Promise<void> {
    const { api } = this.#deps;
    this.#phase = 'loading';
    try {
      const [told, territory] = await Promise.all([fetchThemes(api), this.#findTerritory()]);
      this.#themes = told.themes;
      this.#instance = told.instance ?? null;
      this.#territory = territory;
      this.#phase = 'ready';
    } catch (cause) {
      this.#problem = problemOf(cause);
      this.#phase = 'failed';
    }
  }

  readonly tiles: TileSource = (z, x, y, signal) => {
    const { themes, concept } = this.options;
    return fetchTile(this.#deps.api, { z, x, y, themes, concept }, { signal });
  };

  /** The map shows this box: the list follows once it rests. */
  look(bounds: Bounds): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#list(bounds), this.#listed ? REST_MS : 0);
  }

  /** Chooses a point of the map, at once by its theme, then with its name and photo. */
  async choose(point: { id: string; theme: string } | null): Promise<void> {
    const known = point && this.#listed?.points.find(({ id }) => id === point.id);
    this.#chosen =
      known ?? (point && { ...point, name: this.themeName(point.theme), where: null, thumb: null });
    if (!point || known) return;
    const described = await this.#describe(point.id).catch(() => null);
    if (described && this.#chosen?.id === point.id) this.#chosen = described;
  }

  async #findTerritory(): Promise<Territory | null> {
    const { territory } = this.options;
    if (territory === null) return null;
    const found = await fetchTerritories(this.#deps.api, { codes: [territory] });
    return found[0] ?? null;
  }

  async #list(bbox: Bounds): Promise<void> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    const { themes, concept } = this.options;
    const query = {
      ...(themes.length > 0 && { themes }),
      ...(concept !== null && { concept }),
      bbox,
      limit: 50,
    };
    try {
      const { items, total, exact } = await searchPoints(this.#deps.api, query, { signal: running.signal });
      this.#listed = { points: items.map((item) => this.#ofItem(item)), total, exact };
      this.#problem = null;
    } catch (cause) {
      if (!running.signal.aborted) this.#problem = problemOf(cause);
    }
  }

  async #describe(id: string): Promise<EmbeddedPoint> {
    const { point, concept, commune } = await fetchSheet(this.#deps.api, id);
    const theme = this.#themes.find((one) => one.id === point.theme);
    const term = concept && conceptLabel(concept, this.#deps.language);
    return {
      id: point.id,
      theme: point.theme,
      name: givenName(point, theme) ?? term ?? this.themeName(point.theme),
      where: commune?.name ?? null,
      thumb: firstThumb(point),
    };
  }

  #ofItem({ id, theme, label, commune_name, thumb_url }: SearchItem): EmbeddedPoint {
    const name = label ?? this.themeName(theme);
    return { id, theme, name, where: commune_name, thumb: thumb_url ?? null };
  }
}
