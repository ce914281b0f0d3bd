import * as z from 'zod/mini';

import type { Api } from './client.ts';
import type { CallOptions } from './request.ts';

export const tileSchema = z.object({
  v: z.number(),
  themes: z.array(z.string()),
  /** Id, x and y in 4096ths of the tile, index into `themes`, concept. */
  points: z.array(z.tuple([z.string(), z.number(), z.number(), z.number(), z.nullable(z.string())])),
  /** x, y, how many, how many of each theme. */
  clusters: z.array(z.tuple([z.number(), z.number(), z.number(), z.array(z.number())])),
});
export type Tile = z.infer<typeof tileSchema>;

export interface TileQuery {
  readonly z: number;
  readonly x: number;
  readonly y: number;
  readonly themes?: readonly string[];
  readonly concept?: string | null;
}

/** Published points of a map tile, or their clusters. */
export function fetchTile(api: Api, query: TileQuery, options?: CallOptions): Promise<Tile> {
  const { themes, ...rest } = query;
  // Sorted, so that caches see one address for one question.
  const list = themes?.length ? [...themes].sort().join(',') : null;
  return api.read('map_tile', { ...rest, themes: list }, tileSchema, options);
}
