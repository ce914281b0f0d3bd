import type { Position } from '../domain/geo/distance.ts';
import type { Sign } from '../ui/shapes.ts';

/** A raster base map in the web map's squares. */
export interface Basemap {
  /** Address with `{z}`, `{x}`, `{y}`. */
  readonly url: string;
  /** Who made it, as its licence asks. */
  readonly attribution: string;
  /** Last zoom it was drawn at; beyond, it is enlarged. */
  readonly maxZoom: number;
  /** Its licence lets squares be fetched in advance and kept. */
  readonly mayBeKept: boolean;
}

/** How each theme is drawn, by theme id. */
export type Signs = Readonly<Record<string, Sign>>;

/** What the map shows: centre in WGS84 degrees and zoom level. */
export interface MapCamera extends Position {
  readonly zoom: number;
}

/** Where the map stopped, and the box it shows: [west, south, east, north]. */
export interface MapMove extends MapCamera {
  readonly bbox: readonly [number, number, number, number];
}

/** A point as the map knows it. */
export interface MapPoint extends Position {
  readonly id: string;
  readonly theme: string;
}

/** A point that the map is given rather than finds in its tiles. */
export interface OwnPoint extends MapPoint {
  /** `unsent`: on this phone only (dashed). `pending`: waits for a moderator (hollow). */
  readonly state: 'published' | 'unsent' | 'pending';
}

/** The point in question, drawn larger, with a stem to its exact place. */
export interface Selection extends Position {
  readonly sign: Sign;
}

/** Where the person is. */
export interface Whereabouts extends Position {
  readonly accuracyMeters: number;
  /** Clockwise from north; null when the phone does not know. */
  readonly headingDegrees?: number | null | undefined;
}

/** A commune or another territory, drawn where there is no base map. */
export interface Outline {
  readonly name: string;
  readonly geometry: GeoJSON.Polygon | GeoJSON.MultiPolygon;
}

/** CSS px along each side that something else covers (search, sheet): the map keeps what matters out of it. */
export interface Insets {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

/** West, south, east, north, degrees. */
export type Box = readonly [west: number, south: number, east: number, north: number];
