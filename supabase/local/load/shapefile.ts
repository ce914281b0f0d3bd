import { unzipSync } from 'fflate';
import proj4 from 'proj4';
import { parseDbf, parseShp } from 'shpjs';
import { UsageError } from '../usage-error.ts';
import { collectPoints, type FileContent } from './features.ts';

/** Bytes that one file of an archive may unpack to: a small zip must not fill the memory. */
const maximumUnpackedBytes = 500 * 1024 * 1024;

/** Lambert-93 as the software that writes Shapefiles names it. */
const lambert93 = /Lambert[_ ]?93|RGF93_v1_Lambert/i;

/**
 * Reads the point layer of a zipped Shapefile.
 * @param srid projection given by the administrator, which wins over the file's
 */
export function readShapefile(zip: Uint8Array, fileName: string, srid: number | undefined): FileContent {
  const files = unzip(zip, fileName);
  const shp = find(files, '.shp');
  if (!shp)
    throw new UsageError('not_a_shapefile', `${fileName} ne contient pas de Shapefile : aucun fichier .shp.`);
  const base = shp.slice(0, -4);
  const prj = decode(files[find(files, '.prj', base) ?? '']);
  if (srid === undefined && prj === undefined) {
    throw new UsageError(
      'crs_needed',
      `${fileName} n'a pas de fichier .prj : dites sa projection, par exemple --crs EPSG:2154 pour le Lambert-93.`,
    );
  }
  const projection = srid === undefined && prj !== undefined ? readProjection(prj, fileName) : undefined;
  const content = collectPoints(join(files, shp, base, fileName));
  if (projection?.project) {
    for (const feature of content.features)
      [feature.x, feature.y] = projection.project.inverse([feature.x, feature.y]);
  }
  return { ...content, srid: srid ?? projection?.srid };
}

function unzip(zip: Uint8Array, fileName: string): Record<string, Uint8Array> {
  try {
    return unzipSync(zip, {
      filter: ({ name, originalSize }) => {
        if (originalSize > maximumUnpackedBytes)
          throw new UsageError('too_large', `${name} dépasse 500 Mo une fois décompressé.`);
        return /\.(shp|dbf|prj|cpg)$/i.test(name) && !name.startsWith('__MACOSX');
      },
    });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      'zip_corrupt',
      `${fileName} est un zip abîmé ou incomplet : demandez-le ou téléchargez-le à nouveau.`,
    );
  }
}

function find(files: Record<string, Uint8Array>, extension: string, base?: string): string | undefined {
  return Object.keys(files).find((name) => {
    const lower = name.toLowerCase();
    return (
      lower.endsWith(extension) &&
      (base === undefined || lower.slice(0, -extension.length) === base.toLowerCase())
    );
  });
}

function decode(bytes: Uint8Array | undefined): string | undefined {
  const text = bytes && new TextDecoder().decode(bytes).trim();
  return text === '' ? undefined : text;
}

interface Projection {
  srid: number;
  project: proj4.Converter | undefined;
}

function readProjection(prj: string, fileName: string): Projection {
  if (lambert93.test(prj)) return { srid: 2154, project: undefined };
  // The shift from this datum isn't in the .prj: without it positions are off by tens of metres.
  if (/NTF|Nouvelle_Triangulation/i.test(prj)) {
    throw new UsageError(
      'crs_needed',
      `${fileName} est dans une projection NTF : dites laquelle, par exemple --crs EPSG:27572 pour le Lambert II étendu.`,
    );
  }
  try {
    return { srid: 4326, project: proj4(prj) };
  } catch {
    throw new UsageError(
      'crs_needed',
      `La projection du .prj de ${fileName} est inconnue : dites-la avec --crs EPSG:….`,
    );
  }
}

function join(files: Record<string, Uint8Array>, shp: string, base: string, fileName: string): unknown[] {
  try {
    const geometries = parseShp(view(files[shp]), false);
    const dbf = find(files, '.dbf', base);
    const properties =
      dbf === undefined ? [] : parseDbf(view(files[dbf]), decode(files[find(files, '.cpg', base) ?? '']));
    return geometries.map((geometry, index) => ({ geometry, properties: properties[index] ?? {} }));
  } catch (cause) {
    throw new UsageError(
      'not_a_shapefile',
      `${fileName} contient un Shapefile illisible (${String(cause)}).`,
    );
  }
}

function view(bytes: Uint8Array | undefined): DataView {
  const present = bytes ?? new Uint8Array();
  return new DataView(present.buffer, present.byteOffset, present.byteLength);
}
