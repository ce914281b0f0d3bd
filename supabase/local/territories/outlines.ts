import { basename } from 'node:path';
import { readBytes } from '../load/read-file.ts';
import { UsageError } from '../usage-error.ts';

/** Outlines by the INSEE code that the file gives them (commune or département), as GeoJSON in WGS84. */
export type Outlines = Map<string, unknown[]>;

/** Code of a commune (5 characters) or of a département (2, 3 overseas). */
const insee = /^(\d[\dAB]\d{3}|\d[\dAB]|97\d)$/;

const codeNames = ['code', 'code_insee', 'insee', 'insee_com', 'codgeo'];

/** Reads outlines of communes and départements: polygons with a property `code` (or `code_insee`, `INSEE_COM`…). */
export async function readOutlines(path: string): Promise<Outlines> {
  const fileName = basename(path);
  const features = parse(new TextDecoder().decode(await readBytes(path)), fileName);
  const outlines: Outlines = new Map();
  for (const feature of features) {
    const code = codeOf(feature.properties);
    const type = feature.geometry?.type;
    if (code === undefined || (type !== 'Polygon' && type !== 'MultiPolygon')) continue;
    outlines.set(code, [...(outlines.get(code) ?? []), feature.geometry]);
  }
  if (outlines.size > 0) return outlines;
  throw new UsageError(
    'no_outlines',
    `${fileName} ne contient aucun contour de commune : des polygones avec une propriété « code » (INSEE) sont attendus.`,
  );
}

interface OutlineFeature {
  geometry?: { type?: unknown } | null;
  properties?: Record<string, unknown> | null;
}

function parse(text: string, fileName: string): OutlineFeature[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UsageError(
      'not_geojson',
      `${fileName} n'est pas un GeoJSON : le fichier n'est pas du JSON valide.`,
    );
  }
  const features =
    typeof value === 'object' && value !== null && 'features' in value ? value.features : undefined;
  if (Array.isArray(features)) return features as OutlineFeature[];
  throw new UsageError(
    'not_geojson',
    `${fileName} est du JSON, mais pas une collection d'objets GeoJSON (FeatureCollection).`,
  );
}

function codeOf(properties: Record<string, unknown> | null | undefined): string | undefined {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (codeNames.includes(name.toLowerCase()) && typeof value === 'string' && insee.test(value))
      return value;
  }
  return undefined;
}
