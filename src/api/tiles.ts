import { type Tile, tileSchema } from '../domain/tile.ts';
import type { Api } from './client.ts';
import type { CallOptions } from './request.ts';

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
