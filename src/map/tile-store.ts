import { type Tile, TILE_EXTENT, TILE_LAST_ZOOM, type TileSource } from '../domain/tile.ts';

/** A thing of a tile, at its place in the world (unit square). */
export interface TileItem {
  readonly x: number;
  readonly y: number;
  readonly count: number;
  /** Number per theme id; a point counts one. */
  readonly themes: readonly (readonly [theme: string, count: number])[];
  /** Set when it is one known point. */
  readonly id: string | null;
}

export interface TileKey {
  readonly z: number;
  readonly x: number;
  readonly y: number;
}

/** Decoded tiles kept: a dozen screens. */
const MOST_TILES = 160;
/** After a failure a tile is asked again when the map moves, but not before. */
const RETRY_MS = 4_000;

const nameOf = ({ z, x, y }: TileKey) => `${z}/${x}/${y}`;

function decode(tile: Tile, { z, x, y }: TileKey): TileItem[] {
  const side = 1 / 2 ** z;
  // half a unit: the middle of the small square that the whole numbers name
  const place = (index: number, inside: number) => (index + (inside + 0.5) / TILE_EXTENT) * side;
  const points = tile.points.map(([id, px, py, theme]): TileItem => ({
    id,
    x: place(x, px),
    y: place(y, py),
    count: 1,
    themes: [[tile.themes[theme] ?? '', 1]],
  }));
  const clusters = tile.clusters.map(([cx, cy, count, perTheme]): TileItem => ({
    id: null,
    x: place(x, cx),
    y: place(y, cy),
    count,
    themes: perTheme.flatMap((number, index) =>
      number > 0 ? [[tile.themes[index] ?? '', number] as const] : [],
    ),
  }));
  return [...points, ...clusters];
}

/**
 * Tiles of one source: what is needed is asked once, what is no longer needed is aborted, what was decoded is kept.
 */
export class TileStore {
  #source: TileSource;
  #onChange: () => void;
  #tiles = new Map<string, TileItem[]>();
  #asked = new Map<string, AbortController>();
  #failedAt = new Map<string, number>();

  constructor(source: TileSource, onChange: () => void) {
    this.#source = source;
    this.#onChange = onChange;
  }

  /** True when nothing that was asked is still on its way. */
  get isSettled(): boolean {
    return this.#asked.size === 0;
  }

  /** Asks for these tiles and aborts the others. */
  need(keys: readonly TileKey[]): void {
    const names = new Set(keys.map(nameOf));
    for (const [name, controller] of this.#asked) {
      if (names.has(name)) continue;
      controller.abort();
      this.#asked.delete(name);
    }
    for (const key of keys) this.#ask(key);
  }

  /**
   * What to draw in a square: its own tile; until it is there, the tile above cut to the square, or the four below.
   */
  items(key: TileKey): readonly TileItem[] {
    const own = this.#take(key);
    if (own) return own;
    for (let up = 1; up <= 4 && key.z - up >= 0; up++) {
      const above = this.#tiles.get(nameOf({ z: key.z - up, x: key.x >> up, y: key.y >> up }));
      if (above) return cut(above, key);
    }
    const below = [0, 1].flatMap((dx) =>
      [0, 1].flatMap(
        (dy) => this.#tiles.get(nameOf({ z: key.z + 1, x: key.x * 2 + dx, y: key.y * 2 + dy })) ?? [],
      ),
    );
    return below;
  }

  has(key: TileKey): boolean {
    return this.#tiles.has(nameOf(key));
  }

  /** Stops everything. */
  close(): void {
    for (const controller of this.#asked.values()) controller.abort();
    this.#asked.clear();
  }

  #take(key: TileKey): TileItem[] | undefined {
    const name = nameOf(key);
    const tile = this.#tiles.get(name);
    if (tile) {
      this.#tiles.delete(name);
      this.#tiles.set(name, tile);
    }
    return tile;
  }

  #ask(key: TileKey): void {
    const name = nameOf(key);
    const failedAt = this.#failedAt.get(name);
    if (this.#tiles.has(name) || this.#asked.has(name)) return;
    if (failedAt !== undefined && performance.now() - failedAt < RETRY_MS) return;
    const controller = new AbortController();
    this.#asked.set(name, controller);
    this.#source(key.z, key.x, key.y, controller.signal).then(
      (tile) => {
        if (this.#asked.get(name) !== controller) return;
        this.#asked.delete(name);
        this.#failedAt.delete(name);
        this.#tiles.set(name, decode(tile, key));
        const oldest = this.#tiles.keys().next().value;
        if (this.#tiles.size > MOST_TILES && oldest !== undefined) this.#tiles.delete(oldest);
        this.#onChange();
      },
      () => {
        if (this.#asked.get(name) !== controller) return;
        this.#asked.delete(name);
        this.#failedAt.set(name, performance.now());
        this.#onChange();
      },
    );
  }
}

function cut(items: readonly TileItem[], { z, x, y }: TileKey): TileItem[] {
  const side = 1 / 2 ** z;
  return items.filter(
    (item) => item.x >= x * side && item.x < (x + 1) * side && item.y >= y * side && item.y < (y + 1) * side,
  );
}

/** Screen px a tile covers: the 16 × 16 cells of its clusters are then 64 px wide, the room of one stack. */
const TILE_SCREEN_SHIFT = 2;

/** The tiles that a map view needs. */
export function tilesOf(
  zoom: number,
  box: { readonly west: number; readonly north: number; readonly east: number; readonly south: number },
): TileKey[] {
  const z = Math.min(TILE_LAST_ZOOM, Math.max(0, Math.round(zoom) - TILE_SCREEN_SHIFT));
  const last = 2 ** z - 1;
  const index = (value: number) => Math.min(last, Math.max(0, Math.floor(value * 2 ** z)));
  const keys: TileKey[] = [];
  for (let y = index(box.north); y <= index(box.south); y++) {
    for (let x = index(box.west); x <= index(box.east); x++) keys.push({ z, x, y });
  }
  return keys;
}
