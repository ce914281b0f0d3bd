import { allAreas, updateArea } from '../db/areas.ts';
import type { Precious } from '../db/precious.ts';
import type { TileShelf } from '../device/tile-shelf.ts';
import { type Area, areaZooms } from '../domain/area.ts';
import { tilesOver, tileUrl } from '../domain/geo/tiles.ts';
import { LIMITS } from '../domain/limits.ts';
import { problemOf } from '../domain/problems.ts';

/** The base map of the instance, as far as its licence lets it be kept. */
export interface KeepableBasemap {
  readonly url: string;
  readonly maxZoom: number;
}

export interface DownloadTools {
  readonly precious: Precious;
  readonly shelf: TileShelf;
  /** Null: its licence does not let it be kept; the points come without it. */
  readonly basemap: KeepableBasemap | null;
}

/** Addresses of the squares of a sector. */
export function areaUrls({ bounds }: Pick<Area, 'bounds'>, basemap: KeepableBasemap | null): string[] {
  if (!basemap) return [];
  return tilesOver(bounds, ...areaZooms(bounds, basemap.maxZoom)).map((tile) => tileUrl(basemap.url, tile));
}

/**
 * Brings what is missing of a sector's base map, or of a newer copy of it, a few squares at a time, and notes how far it
 * has come. Ends whole, or paused with the reason; what came stays either way, and a square is replaced only once its
 * newer one is here.
 */
export async function downloadArea(tools: DownloadTools, area: Area, signal: AbortSignal): Promise<void> {
  const { precious, shelf } = tools;
  const { renewing } = area;
  const urls = areaUrls(area, tools.basemap);
  const here = await (renewing ? shelf.keptSince(Date.parse(renewing)) : weightless(shelf));
  const missing = urls.filter((url) => !here.has(url));
  let kept = urls.length - missing.length;
  // What squares shared with another sector weigh is counted there, until this one has its own anew.
  let bytes = renewing ? urls.reduce((sum, url) => sum + (here.get(url) ?? 0), 0) : kept && area.bytes;
  let sinceNoted = 0;
  const note = (progress: Partial<Area> = {}) =>
    updateArea(precious, area.id, {
      tiles: urls.length,
      kept,
      ...(!renewing && { bytes }),
      ...progress,
    });
  await note({ state: 'taking', problem: null });

  let next = 0;
  const stopped = new AbortController();
  const either = AbortSignal.any([signal, stopped.signal]);
  const carry = async () => {
    for (let url = missing[next++]; url !== undefined && !either.aborted; url = missing[next++]) {
      // Awaited first: four at once add to it.
      const weight = await shelf.take(url, either, !!renewing);
      bytes += weight;
      kept += 1;
      sinceNoted += 1;
      if (sinceNoted < LIMITS.tilesBetweenNotes) continue;
      sinceNoted = 0;
      await note();
      if (await isGivenUp(tools, area.id)) stopped.abort();
    }
  };
  try {
    await Promise.all(Array.from({ length: LIMITS.tilesInFlight }, carry));
    if (either.aborted) await note({ state: 'paused' });
    else await note({ state: 'whole', bytes, ...(renewing && { taken_at: renewing, renewing: null }) });
  } catch (cause) {
    stopped.abort();
    const { code } = problemOf(cause);
    await note({ state: 'paused', problem: code === 'cancelled' ? null : code });
  }
}

/** Notes which sectors are not whole any more: a browser short of room lets go of what it keeps. */
export async function checkKept({ precious, shelf, basemap }: DownloadTools): Promise<void> {
  const whole = (await allAreas(precious)).filter((area) => area.state === 'whole');
  if (whole.length === 0) return;
  const here = await shelf.kept();
  for (const area of whole) {
    const urls = areaUrls(area, basemap);
    const kept = urls.filter((url) => here.has(url)).length;
    if (kept < urls.length) {
      const bytes = Math.round((area.bytes * kept) / urls.length);
      await updateArea(precious, area.id, { state: 'paused', tiles: urls.length, kept, bytes });
    }
  }
}

/** What is here, of whatever age: nobody asks what it weighs. */
async function weightless(shelf: TileShelf): Promise<ReadonlyMap<string, number>> {
  return new Map([...(await shelf.kept())].map((url) => [url, 0]));
}

/** Whether somebody paused or deleted it, in this tab or in another. */
async function isGivenUp({ precious }: DownloadTools, id: string): Promise<boolean> {
  const row = (await allAreas(precious)).find((area) => area.id === id);
  return row?.state !== 'taking';
}

/** Deletes the squares that no sector needs any more. */
export async function sweepShelf({ precious, shelf, basemap }: DownloadTools): Promise<void> {
  const needed = new Set((await allAreas(precious)).flatMap((area) => areaUrls(area, basemap)));
  const here = [...(await shelf.kept())];
  await shelf.drop(here.filter((url) => !needed.has(url)));
}
