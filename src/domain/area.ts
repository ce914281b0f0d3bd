import { countTiles } from './geo/tiles.ts';
import { LIMITS } from './limits.ts';
import type { Bounds } from './local-search.ts';
import type { ProblemCode } from './problems.ts';

/** `taking`: squares are on their way. `paused`: asked, or the network left. `whole`: all is here. */
export type AreaState = 'taking' | 'paused' | 'whole';

/** A sector taken along: its points follow by sync, the squares of its base map are kept until it goes. */
export interface Area {
  readonly id: string;
  /** Who took it: their points follow. */
  readonly user_id: string;
  readonly name: string;
  readonly bounds: Bounds;
  readonly taken_at: string;
  readonly state: AreaState;
  /** Squares of the base map in all, and those that are here. */
  readonly tiles: number;
  readonly kept: number;
  readonly bytes: number;
  /** Why it paused by itself. */
  readonly problem: ProblemCode | null;
}

/** Zooms of the base map that a sector keeps. */
export function areaZooms(maxZoom: number): readonly [from: number, to: number] {
  return [LIMITS.areaZoomFrom, Math.min(LIMITS.areaZoomTo, maxZoom)];
}

/** What a sector will weigh. */
export interface AreaWeight {
  readonly tiles: number;
  readonly bytes: number;
  /** Null: it may be taken. */
  readonly refusal: 'too_wide' | 'areas_full' | null;
}

/**
 * Weighs a sector before it is taken: by what squares weighed in those already here, and by the
 * number of its points where the server told it.
 */
export function weighArea(
  bounds: Bounds,
  maxZoom: number | null,
  points: number | null,
  kept: readonly Pick<Area, 'kept' | 'bytes'>[],
): AreaWeight {
  const tiles = maxZoom === null ? 0 : countTiles(bounds, ...areaZooms(maxZoom));
  const [known, weight] = kept.reduce(([n, sum], one) => [n + one.kept, sum + one.bytes], [0, 0]);
  const perTile = known >= LIMITS.tilesKnownEnough ? weight / known : LIMITS.tileBytes;
  const bytes = Math.round(tiles * perTile + (points ?? 0) * LIMITS.pointBytes);
  const refusal =
    tiles > LIMITS.areaTiles ? 'too_wide' : weight + bytes > LIMITS.areasBytes ? 'areas_full' : null;
  return { tiles, bytes, refusal };
}
