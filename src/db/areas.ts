import type { Area } from '../domain/area.ts';
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

/** Adds a sector, before the others. */
export function addArea(store: Precious, area: Area): Promise<void> {
  return change(store, (areas) => [area, ...areas]);
}

/** Notes how far one has come; nothing when it was deleted meanwhile. */
export function updateArea(store: Precious, id: string, progress: Partial<Area>): Promise<void> {
  return change(store, (areas) => areas.map((area) => (area.id === id ? { ...area, ...progress } : area)));
}

/** Deletes a sector. Its squares are the caller's to delete. */
export function deleteArea(store: Precious, id: string): Promise<void> {
  return change(store, (areas) => areas.filter((area) => area.id !== id));
}

function change(store: Precious, how: (areas: Area[]) => Area[]): Promise<void> {
  return store.transaction('rw', store.meta, async () => {
    await store.meta.put({ key: KEY, value: how(await allAreas(store)) });
  });
}
