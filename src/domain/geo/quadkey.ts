import type { Position } from './distance.ts';
import { LIMITS } from '../limits.ts';

/** Latitude at which the Web Mercator square ends. */
const MAX_LATITUDE = 85.05112878;

export interface TileIndex {
  readonly x: number;
  readonly y: number;
}

/** Web Mercator tile that holds a position. */
export function tileOf(position: Position, zoom: number): TileIndex {
  const size = 2 ** zoom;
  const lat = Math.min(MAX_LATITUDE, Math.max(-MAX_LATITUDE, position.lat));
  const sin = Math.sin((lat * Math.PI) / 180);
  const x = Math.floor(((position.lon + 180) / 360) * size);
  const y = Math.floor((0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * size);
  const clamp = (value: number) => Math.min(size - 1, Math.max(0, value));
  return { x: clamp(x), y: clamp(y) };
}

/** Quadkey of a tile: one digit a zoom level (Bing Maps tile system). */
export function quadkeyOfTile({ x, y }: TileIndex, zoom: number): string {
  let key = '';
  for (let level = zoom - 1; level >= 0; level--) {
    key += String(((x >> level) & 1) + 2 * ((y >> level) & 1));
  }
  return key;
}

/** Quadkey of the sync cell (zoom 12) that holds a position. */
export function cellOf(position: Position): string {
  return quadkeyOfTile(tileOf(position, LIMITS.cellZoom), LIMITS.cellZoom);
}

/** The sync cell of a position and its eight neighbours, the cell itself first. */
export function cellsAround(position: Position): string[] {
  const zoom = LIMITS.cellZoom;
  const size = 2 ** zoom;
  const { x, y } = tileOf(position, zoom);
  const cells = [quadkeyOfTile({ x, y }, zoom)];
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      if ((dx === 0 && dy === 0) || y + dy < 0 || y + dy >= size) continue;
      cells.push(quadkeyOfTile({ x: (x + dx + size) % size, y: y + dy }, zoom));
    }
  }
  return cells;
}
