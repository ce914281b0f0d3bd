import { cellsOver, countTiles } from './geo/tiles.ts';
import { LIMITS } from './limits.ts';
import type { Bounds } from './local-search.ts';
import type { ProblemCode } from './problems.ts';

/** Of the base map alone. `taking`: squares are on their way. `paused`: asked, or the network left. `whole`: all is here. */
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
  /**
   * When a newer copy of its base map was asked for: squares kept before are replaced one by one, and count as `kept`
   * from then on. Absent or null: none is on its way.
   */
  readonly renewing?: string | null;
}

/** What the copy on this device has of a sector beside its base map. */
export interface AreaHoldings {
  /** Cells of its points for every inventory, and those that came whole. */
  readonly cells: number;
  readonly cellsHere: number;
  /** Forms and terms are here. */
  readonly hasWords: boolean;
  /** The copy is at its limit: the cells that are missing will not come. */
  readonly isFull: boolean;
}

export type AreaPart = 'map' | 'points' | 'words';

/** What a sector still lacks before one may leave the network behind. A newer map on its way is no lack. */
export function missingOf(area: Pick<Area, 'state' | 'renewing'>, held: AreaHoldings): AreaPart[] {
  return [
    ...(area.state === 'whole' || area.renewing ? [] : (['map'] as const)),
    ...(held.cellsHere < held.cells ? (['points'] as const) : []),
    ...(held.hasWords ? [] : (['words'] as const)),
  ];
}

/** The cells whose points a sector takes along: all that it touches, for each inventory. */
export function bucketsOver(areas: readonly Pick<Area, 'bounds'>[], themes: readonly string[]): string[] {
  const cells = [...new Set(areas.flatMap((area) => cellsOver(area.bounds)))];
  return themes.flatMap((theme) => cells.map((cell) => `c:${theme}:${cell}`));
}

/** Zooms of the base map that a sector keeps: without the last one where that alone makes it too wide. */
export function areaZooms(bounds: Bounds, maxZoom: number): readonly [from: number, to: number] {
  const from = LIMITS.areaZoomFrom;
  const to = Math.min(LIMITS.areaZoomTo, maxZoom);
  const fits = countTiles(bounds, from, to) <= LIMITS.areaTiles;
  return [from, fits ? to : Math.min(LIMITS.areaZoomToLarge, maxZoom)];
}

/** What a sector will weigh. */
export interface AreaWeight {
  readonly tiles: number;
  readonly bytes: number;
  /** Bytes that the sectors begun before it have still to bring. */
  readonly toCome: number;
  /** Null: it may be taken. */
  readonly refusal: 'too_wide' | 'areas_full' | null;
  /** Its map comes without the last zoom: with it, it would be too wide. */
  readonly isCoarse: boolean;
}

/**
 * Weighs a sector before it is taken: by what squares weighed in those already here, and by the
 * number of its points where the server told it. Those that were begun count with what has still to come.
 */
export function weighArea(
  bounds: Bounds,
  maxZoom: number | null,
  points: number | null,
  begun: readonly Pick<Area, 'tiles' | 'kept' | 'bytes' | 'renewing'>[],
): AreaWeight {
  const zooms = maxZoom === null ? null : areaZooms(bounds, maxZoom);
  const tiles = zooms ? countTiles(bounds, ...zooms) : 0;
  const isCoarse = zooms !== null && zooms[1] < Math.min(LIMITS.areaZoomTo, maxZoom ?? 0);
  // Of one being renewed, the squares that are here count as the newer ones do.
  const keptOf = ({ tiles: all, kept, renewing }: (typeof begun)[number]) => (renewing ? all : kept);
  const sum = (of: (area: (typeof begun)[number]) => number) =>
    begun.reduce((all, area) => all + of(area), 0);
  const [known, weight] = [sum(keptOf), sum((area) => area.bytes)];
  const perTile = known >= LIMITS.tilesKnownEnough ? weight / known : LIMITS.tileBytes;
  const toCome = Math.round(sum((area) => area.tiles - keptOf(area)) * perTile);
  const bytes = Math.round(tiles * perTile + (points ?? 0) * LIMITS.pointBytes);
  const refusal =
    tiles > LIMITS.areaTiles ? 'too_wide' : weight + toCome + bytes > LIMITS.areasBytes ? 'areas_full' : null;
  return { tiles, bytes, toCome, refusal, isCoarse };
}
