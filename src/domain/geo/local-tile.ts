import { type Tile, TILE_EXTENT, TILE_GRID, TILE_LAST_ZOOM, TILE_POINTS, type TileCluster } from '../tile.ts';

/** The little of a point that a tile needs. */
export interface TileablePoint {
  readonly id: string;
  readonly theme: string;
  readonly concept: string | null;
  readonly lon: number;
  readonly lat: number;
}

/** Position on the web map, in tiles of the zoom (EPSG:3857, "slippy" numbering). */
function toTileUnits(lon: number, lat: number, zoom: number): { x: number; y: number } {
  const scale = 2 ** zoom;
  const sine = Math.sin((lat * Math.PI) / 180);
  return {
    x: ((lon + 180) / 360) * scale,
    y: (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * scale,
  };
}

/**
 * The tile of these points, in the shape and by the rules of the server's `map_tile` (contract §5):
 * what the map draws when there is no network, or when it shows the answer to a search.
 */
export function localTile(points: readonly TileablePoint[], z: number, x: number, y: number): Tile {
  const themes = [...new Set(points.map((point) => point.theme))].sort();
  const inside = points.flatMap((point) => {
    const at = toTileUnits(point.lon, point.lat, z);
    if (Math.floor(at.x) !== x || Math.floor(at.y) !== y) return [];
    const place = (value: number) => Math.min(TILE_EXTENT - 1, Math.floor(value * TILE_EXTENT));
    return [{ point, x: place(at.x - x), y: place(at.y - y), theme: themes.indexOf(point.theme) }];
  });
  if (inside.length > TILE_POINTS) {
    const cell = TILE_EXTENT / TILE_GRID;
    const keyOf = (one: Placed) => Math.floor(one.x / cell) * TILE_GRID + Math.floor(one.y / cell);
    return { v: 1, themes, points: [], clusters: group(inside, themes.length, keyOf).clusters };
  }
  if (z < TILE_LAST_ZOOM) return { v: 1, themes, points: inside.map(toTilePoint), clusters: [] };
  const { alone, clusters } = group(inside, themes.length, (one) => one.x * TILE_EXTENT + one.y);
  return { v: 1, themes, points: alone.map(toTilePoint), clusters };
}

interface Placed {
  readonly point: TileablePoint;
  readonly x: number;
  readonly y: number;
  readonly theme: number;
}

function toTilePoint({ point, x, y, theme }: Placed): Tile['points'][number] {
  return [point.id, x, y, theme, point.concept];
}

/** Gathers what shares a key; what is alone stays a point, except where the caller ignores it. */
function group(placed: readonly Placed[], themeCount: number, keyOf: (one: Placed) => number) {
  const cells = new Map<number, Placed[]>();
  for (const one of placed) {
    const key = keyOf(one);
    const cell = cells.get(key);
    if (cell) cell.push(one);
    else cells.set(key, [one]);
  }
  const groups = [...cells.values()];
  const several = groups.filter((cell) => cell.length > 1);
  return {
    alone: groups.flatMap((cell) => (cell.length === 1 ? cell : [])),
    clusters: (placed.length > TILE_POINTS ? groups : several).map((cell) => toCluster(cell, themeCount)),
  };
}

function toCluster(cell: readonly Placed[], themeCount: number): TileCluster {
  const mean = (pick: (one: Placed) => number) =>
    Math.floor(cell.reduce((sum, one) => sum + pick(one), 0) / cell.length);
  const perTheme = Array.from(
    { length: themeCount },
    (_, index) => cell.filter((one) => one.theme === index).length,
  );
  return [mean((one) => one.x), mean((one) => one.y), cell.length, perTheme];
}
