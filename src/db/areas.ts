import { type Area, type AreaHoldings, bucketsOver } from '../domain/area.ts';
import { LIMITS } from '../domain/limits.ts';
import type { Cache } from './cache.ts';
import type { Precious } from './precious.ts';

const KEY = 'areas';

/** The sectors that somebody took along on this device, the latest first. */
export async function areasOf(store: Precious, userId: string): Promise<Area[]> {
  return (await allAreas(store)).filter((area) => area.user_id === userId);
}

/** Those of everybody: they share the squares of the base map. */
export async function allAreas(store: Precious): Promise<Area[]> {
  return ((await store.meta.get(KEY))?.value as Area[] | undefined) ?? [];
}

/** Adds a sector, before the others; `check` refuses by throwing, in view of those that are there. */
export function addArea(
  store: Precious,
  area: Area,
  check: (areas: readonly Area[]) => void = () => undefined,
): Promise<void> {
  return change(store, (areas) => {
    check(areas);
    return [area, ...areas];
  });
}

/** Notes how far one has come; nothing when it was deleted meanwhile. */
export function updateArea(store: Precious, id: string, progress: Partial<Area>): Promise<void> {
  return change(store, (areas) => areas.map((area) => (area.id === id ? { ...area, ...progress } : area)));
}

/** Deletes a sector. Its squares are the caller's to delete. */
export function deleteArea(store: Precious, id: string): Promise<void> {
  return change(store, (areas) => areas.filter((area) => area.id !== id));
}

/** What a copy holds of a sector beside its base map. */
export async function holdingsOf(cache: Cache, area: Pick<Area, 'bounds'>): Promise<AreaHoldings> {
  const themes = await cache.themes.toCollection().primaryKeys();
  const wanted = bucketsOver([area], themes);
  const rows = await cache.buckets.bulkGet(wanted);
  const words = await cache.buckets.get('t');
  const held = await cache.buckets.where('id').startsWith('c:').toArray();
  return {
    cells: wanted.length,
    cellsHere: rows.filter((row) => row?.complete_at != null).length,
    hasWords: words?.complete_at != null && (await cache.concepts.limit(1).count()) > 0,
    isFull: held.reduce((sum, row) => sum + (row.weight ?? 0), 0) >= LIMITS.cacheBytes,
  };
}

function change(store: Precious, how: (areas: Area[]) => Area[]): Promise<void> {
  return store.transaction('rw', store.meta, async () => {
    await store.meta.put({ key: KEY, value: how(await allAreas(store)) });
  });
}
