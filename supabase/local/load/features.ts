/** A point as a file gives it, in the units of its projection. */
export interface FileFeature {
  x: number;
  y: number;
  properties: Record<string, unknown>;
}

/** What a file holds. */
export interface FileContent {
  features: FileFeature[];
  /** What the file itself says of its projection, when it says it. */
  srid: number | undefined;
  /** Objects that can't become a point, counted by reason. */
  leftOut: Map<string, number>;
}

interface GeometryLike {
  type?: unknown;
  coordinates?: unknown;
}

/** Keeps the points of a list of GeoJSON features and counts the rest. */
export function collectPoints(features: readonly unknown[]): Omit<FileContent, 'srid'> {
  const content = { features: [] as FileFeature[], leftOut: new Map<string, number>() };
  for (const feature of features) {
    const point = readPoint(feature);
    if (typeof point === 'string') content.leftOut.set(point, (content.leftOut.get(point) ?? 0) + 1);
    else content.features.push(point);
  }
  return content;
}

function readPoint(feature: unknown): FileFeature | string {
  if (typeof feature !== 'object' || feature === null) return 'objet illisible';
  const { geometry, properties } = feature as { geometry?: GeometryLike | null; properties?: unknown };
  if (!geometry) return 'sans géométrie';
  const coordinates = geometry.type === 'MultiPoint' ? onlyOne(geometry.coordinates) : geometry.coordinates;
  if (geometry.type !== 'Point' && geometry.type !== 'MultiPoint') return 'géométrie qui n’est pas un point';
  const [x, y] = Array.isArray(coordinates) ? (coordinates as unknown[]) : [];
  if (typeof x !== 'number' || typeof y !== 'number' || !Number.isFinite(x) || !Number.isFinite(y)) {
    return 'coordonnées manquantes ou invalides';
  }
  return { x, y, properties: isRecord(properties) ? properties : {} };
}

function onlyOne(list: unknown): unknown {
  return Array.isArray(list) && list.length === 1 ? (list[0] as unknown) : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
