import type { Api } from '../api/client.ts';
import { searchPoints } from '../api/points.ts';
import { fetchTerritories, type Territory } from '../api/territories.ts';
import { addArea, allAreas, areasOf, deleteArea, holdingsOf, updateArea } from '../db/areas.ts';
import type { Cache } from '../db/cache.ts';
import type { Precious } from '../db/precious.ts';
import { isCutOff } from '../device/connectivity.ts';
import { readStorageHealth } from '../device/storage.ts';
import { type Area, type AreaHoldings, type AreaWeight, weighArea } from '../domain/area.ts';
import { LIMITS } from '../domain/limits.ts';
import type { Bounds } from '../domain/local-search.ts';
import { ProblemError } from '../domain/problems.ts';
import { checkKept, downloadArea, type DownloadTools, sweepShelf } from './area-download.ts';
import { live, type Live } from './live.svelte.ts';

export interface AreasDeps extends DownloadTools {
  readonly api: Api;
  readonly precious: Precious;
  /** The signed-in user's copy. Read reactively. */
  readonly cache: () => Cache;
  /** Read reactively. */
  readonly userId: () => string | null;
  readonly now: () => Date;
  readonly newId: () => string;
  /** Asks the sync for a round: the points of a sector follow at once. */
  readonly wake: () => void;
}

/** A commune that may be taken along. */
export type Commune = Pick<Territory, 'code' | 'name'> & { readonly bounds: Bounds };

/** The sectors taken along for where there is no network. */
export class AreasState {
  #deps: AreasDeps;
  #list: Live<readonly Area[]>;
  #holdings: Live<ReadonlyMap<string, AreaHoldings>>;
  #running = new Map<string, AbortController>();

  /** Call it where effects live: in a component or an effect root. */
  constructor(deps: AreasDeps) {
    this.#deps = deps;
    this.#list = live<readonly Area[]>(() => {
      const user = deps.userId();
      return user === null ? [] : areasOf(deps.precious, user);
    }, []);
    this.#holdings = live<ReadonlyMap<string, AreaHoldings>>(async () => {
      const [user, cache] = [deps.userId(), deps.cache()];
      const areas = user === null ? [] : await areasOf(deps.precious, user);
      return new Map(
        await Promise.all(areas.map(async (area) => [area.id, await holdingsOf(cache, area)] as const)),
      );
    }, new Map());
  }

  /** What this device has of a sector beside its base map; null until it was looked up. */
  holdingsOf(area: Area): AreaHoldings | null {
    return this.#holdings.current.get(area.id) ?? null;
  }

  /** The latest first. */
  get list(): readonly Area[] {
    return this.#list.current;
  }

  /** Whether the base map may be taken along, or points alone. */
  get hasBasemap(): boolean {
    return this.#deps.basemap !== null;
  }

  /** What a sector will weigh; its points count where the server can be asked. */
  async weigh(bounds: Bounds): Promise<AreaWeight> {
    const weigh = await this.#scales(bounds);
    // Of everybody on this device: they share its room.
    return weigh(await allAreas(this.#deps.precious));
  }

  async #scales(bounds: Bounds): Promise<(begun: readonly Area[]) => AreaWeight> {
    const { api, basemap } = this.#deps;
    const page = await searchPoints(api, { bbox: bounds, limit: 1 }).catch(() => null);
    return (begun) => weighArea(bounds, basemap?.maxZoom ?? null, page?.total ?? null, begun);
  }

  /** Communes whose name begins so. Fails without network. */
  async communes(text: string): Promise<readonly Commune[]> {
    const query = { level: 'commune', q: text, limit: LIMITS.searchResults };
    const found = await fetchTerritories(this.#deps.api, query);
    return found.flatMap(({ code, name, bbox }) =>
      bbox?.length === 4 ? [{ code, name, bounds: bbox as unknown as Bounds }] : [],
    );
  }

  /** Takes a sector along. Throws `quota` where what is precious would be left without room. */
  async take(name: string, bounds: Bounds): Promise<void> {
    const { precious, userId, now, newId, wake } = this.#deps;
    const user = userId();
    if (user === null) throw new ProblemError('auth_required');
    const weigh = await this.#scales(bounds);
    const { freeBytes } = await readStorageHealth();
    // With those that begin at the same moment, in this window or another.
    const check = (begun: readonly Area[]) => {
      const { bytes, toCome, refusal } = weigh(begun);
      if (refusal) throw new ProblemError('too_large', refusal);
      const left = freeBytes === null ? Infinity : freeBytes - bytes - toCome;
      if (left < LIMITS.roomLeftBytes) throw new ProblemError('quota');
    };
    const area: Area = {
      id: newId(),
      user_id: user,
      name,
      bounds,
      taken_at: now().toISOString(),
      state: 'taking',
      tiles: weigh([]).tiles,
      kept: 0,
      bytes: 0,
      problem: null,
    };
    await addArea(precious, area, check);
    wake();
    void this.#run(area);
  }

  /** Goes on where it stopped: the base map, and whatever else has not come. */
  async resume(area: Area): Promise<void> {
    this.#deps.wake();
    await this.#run(area);
  }

  /**
   * Goes on with what a closed app left half-way, unless another tab is at it. A map that the browser let go of
   * meanwhile is not said to be whole any more.
   */
  async resumeAll(): Promise<void> {
    const user = this.#deps.userId();
    if (user === null) return;
    await checkKept(this.#deps);
    for (const area of await areasOf(this.#deps.precious, user)) {
      if (area.state === 'taking') await this.#run(area);
    }
  }

  /** Stops a download; what came stays. */
  async pause(area: Area): Promise<void> {
    this.#running.get(area.id)?.abort();
    // Another tab may be at it: it reads the row between two lots of squares.
    await updateArea(this.#deps.precious, area.id, { state: 'paused', problem: null });
  }

  /**
   * Brings the base map of a sector anew: maps age. What is here stays until each square has its newer one; the points
   * are never older than the last sync.
   */
  async refresh(area: Area): Promise<void> {
    if (isCutOff()) throw new ProblemError('offline');
    const { precious, now, wake } = this.#deps;
    const renewal = { renewing: now().toISOString(), kept: 0, state: 'taking', problem: null } as const;
    await updateArea(precious, area.id, renewal);
    wake();
    void this.#run({ ...area, ...renewal });
  }

  /** Lets go of a sector: its points too, unless something else follows them. */
  async delete(area: Area): Promise<void> {
    this.#running.get(area.id)?.abort();
    await deleteArea(this.#deps.precious, area.id);
    await sweepShelf(this.#deps);
    this.#deps.wake();
  }

  /** One tab at a time downloads a sector. */
  async #run(area: Area): Promise<void> {
    const control = new AbortController();
    await navigator.locks.request(`area:${area.id}`, { ifAvailable: true }, async (lock) => {
      if (!lock) return;
      this.#running.set(area.id, control);
      await downloadArea(this.#deps, area, control.signal);
      this.#running.delete(area.id);
    });
  }
}
