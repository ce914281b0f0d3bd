import { LIMITS } from '../limits.ts';
import type { Bounds } from '../local-search.ts';
import { quadkeyOfTile, type TileIndex, tileOf } from './quadkey.ts';

/** A square of the web map. */
export interface TileAddress extends TileIndex {
  readonly z: number;
}

interface Span {
  readonly z: number;
  readonly west: number;
  readonly east: number;
  readonly north: number;
  readonly south: number;
}

function spanOf([west, south, east, north]: Bounds, z: number): Span {
  const [from, to] = [tileOf({ lon: west, lat: north }, z), tileOf({ lon: east, lat: south }, z)];
  return { z, west: from.x, east: to.x, north: from.y, south: to.y };
}

/** The squares that cover a box, whole zooms first to last: a download cut short shows something everywhere. */
export function tilesOver(bounds: Bounds, fromZoom: number, toZoom: number): TileAddress[] {
  const tiles: TileAddress[] = [];
  for (let z = fromZoom; z <= toZoom; z++) {
    const { west, east, north, south } = spanOf(bounds, z);
    for (let y = north; y <= south; y++) for (let x = west; x <= east; x++) tiles.push({ z, x, y });
  }
  return tiles;
}

/** How many squares cover a box. */
export function countTiles(bounds: Bounds, fromZoom: number, toZoom: number): number {
  let count = 0;
  for (let z = fromZoom; z <= toZoom; z++) {
    const { west, east, north, south } = spanOf(bounds, z);
    count += (east - west + 1) * (south - north + 1);
  }
  return count;
}

/** The sync cells that a box touches. */
export function cellsOver(bounds: Bounds): string[] {
  return tilesOver(bounds, LIMITS.cellZoom, LIMITS.cellZoom).map((tile) =>
    quadkeyOfTile(tile, LIMITS.cellZoom),
  );
}

/** The address of a square, as the map asks for it (`{z}`, `{x}`, `{y}`, `{s}` as Leaflet reads them). */
export function tileUrl(template: string, { z, x, y }: TileAddress): string {
  const values: Record<string, string> = {
    z: String(z),
    x: String(x),
    y: String(y),
    s: 'abc'[Math.abs(x + y) % 3] ?? 'a',
  };
  return template.replace(/\{ *([xyzs]) *\}/g, (_, key: string) => values[key] ?? '');
}
