import { UsageError } from '../usage-error.ts';
import { collectPoints, type FileContent } from './features.ts';

/** Reads a GeoJSON file: a feature collection, or a single feature. */
export function readGeojson(text: string, fileName: string): FileContent {
  const value = parse(text, fileName);
  const features = value.type === 'Feature' ? [value] : value.features;
  if (!Array.isArray(features)) {
    throw new UsageError(
      'not_geojson',
      `${fileName} est du JSON, mais pas une collection d'objets GeoJSON (FeatureCollection).`,
    );
  }
  return { ...collectPoints(features), srid: declaredSrid(value.crs) };
}

interface GeojsonLike {
  type?: unknown;
  features?: unknown;
  crs?: unknown;
}

function parse(text: string, fileName: string): GeojsonLike {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value !== 'object' || value === null) {
    throw new UsageError(
      'unknown_format',
      `${fileName} n'est ni un Shapefile zippé ni un GeoJSON lisible : vérifiez que c'est le bon fichier, entier.`,
    );
  }
  return value;
}

/** Older GeoJSON names its projection: `urn:ogc:def:crs:EPSG::2154`; CRS84 is WGS84. */
function declaredSrid(crs: unknown): number | undefined {
  const name = JSON.stringify(crs ?? '');
  if (/CRS84/i.test(name)) return 4326;
  const code = /EPSG:+(?:[\d.]*:)?(\d{4,5})/i.exec(name)?.[1];
  return code === undefined ? undefined : Number(code);
}
