import { fetchTerritories } from '../api/territories.ts';
import type { Api } from '../api/client.ts';
import type { Cache } from '../db/cache.ts';
import type { Json } from '../domain/json.ts';
import type { Bounds } from '../domain/local-search.ts';

/** A commune's outline, for the ground that the map shows where it has no base map. */
export interface CommuneOutline {
  readonly name: string;
  readonly geometry: GeoJSON.Polygon | GeoJSON.MultiPolygon;
}

/** By INSEE code, the youngest last. */
type Kept = readonly [code: string, outline: CommuneOutline];

interface Deps {
  readonly api: Api;
  readonly publicCache: Cache;
}

/** Outlines are asked from here: wider, a screen holds hundreds of communes and their lines fill it. */
const FROM_ZOOM = 9;
/** Outlines kept on the device for where there is no network: a few screens, about 300 kB. */
const KEPT = 300;
/** A map that is still moving asks nothing. */
const STILL_MS = 600;
const KEY = 'outlines';

/** Outlines of the communes around what was looked at. They are shown as they come, and kept. */
export class Outlines {
  #deps: Deps;
  #seen: Bounds[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #kept = $state.raw<readonly Kept[]>([]);

  readonly list: readonly CommuneOutline[] = $derived(this.#kept.map(([, outline]) => outline));

  constructor(deps: Deps) {
    this.#deps = deps;
    void this.#restore().catch(() => undefined);
  }

  /** The map shows this box now, at this zoom. */
  look(bounds: Bounds, zoom: number): void {
    clearTimeout(this.#timer);
    if (zoom < FROM_ZOOM || this.#seen.some((seen) => holds(seen, bounds))) return;
    this.#timer = setTimeout(() => void this.#ask(widened(bounds)).catch(() => undefined), STILL_MS);
  }

  async #ask(bbox: Bounds): Promise<void> {
    const found = await fetchTerritories(this.#deps.api, {
      level: 'commune',
      bbox,
      outlines: true,
      limit: KEPT,
    });
    this.#seen.push(bbox);
    const fresh = found.flatMap(({ code, name, outline }): Kept[] =>
      isArea(outline) ? [[code, { name, geometry: outline }]] : [],
    );
    // seen again, a commune becomes the youngest of what is kept
    const others = this.#kept.filter(([code]) => !fresh.some(([other]) => other === code));
    this.#kept = [...others, ...fresh].slice(-KEPT);
    await this.#deps.publicCache.meta.put({ key: KEY, value: this.#kept });
  }

  async #restore(): Promise<void> {
    const row = await this.#deps.publicCache.meta.get(KEY);
    if (Array.isArray(row?.value) && this.#kept.length === 0) this.#kept = row.value as Kept[];
  }
}

function holds(outer: Bounds, inner: Bounds): boolean {
  return outer[0] <= inner[0] && outer[1] <= inner[1] && outer[2] >= inner[2] && outer[3] >= inner[3];
}

/** Half a screen more on each side: a small move asks nothing. */
function widened([west, south, east, north]: Bounds): Bounds {
  const [x, y] = [(east - west) / 2, (north - south) / 2];
  return [west - x, south - y, east + x, north + y];
}

function isArea(outline: Json | null | undefined): outline is Json & CommuneOutline['geometry'] {
  if (typeof outline !== 'object' || outline === null || Array.isArray(outline)) return false;
  return outline['type'] === 'Polygon' || outline['type'] === 'MultiPolygon';
}
