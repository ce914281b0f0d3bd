import * as z from 'zod/mini';

/** Coordinates inside a tile: 0 ≤ x, y < 4096, from its north-west corner (contract §5). */
export const TILE_EXTENT = 4096;
/** A tile shows its points up to this many, clusters beyond (contract §5). */
export const TILE_POINTS = 800;
/** Clusters lie on a grid of this many cells a side (contract §5). */
export const TILE_GRID = 16;
/** From this zoom, points at one place stay one cluster: zooming further parts nothing. */
export const TILE_LAST_ZOOM = 19;

/** `[id, x, y, index in themes, concept id]` */
const tilePointSchema = z.tuple([z.string(), z.number(), z.number(), z.number(), z.nullable(z.string())]);
/** `[x, y, count, [count per theme]]` */
const tileClusterSchema = z.tuple([z.number(), z.number(), z.number(), z.array(z.number())]);
export type TileCluster = z.infer<typeof tileClusterSchema>;

/** What lies in one square of the web map: points, or clusters when there are many. */
export const tileSchema = z.object({
  v: z.number(),
  themes: z.array(z.string()),
  points: z.array(tilePointSchema),
  clusters: z.array(tileClusterSchema),
});
export type Tile = z.infer<typeof tileSchema>;

/** Gives the tile of a zoom, column and row of the web map; rejects when aborted. */
export type TileSource = (z: number, x: number, y: number, signal: AbortSignal) => Promise<Tile>;
