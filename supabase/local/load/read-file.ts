import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { UsageError } from '../usage-error.ts';
import type { FileContent } from './features.ts';
import { readGeojson } from './geojson.ts';
import { readShapefile } from './shapefile.ts';

/** Reads a zipped Shapefile or a GeoJSON whole before anything is written; rejects a bad file. */
export async function readPointFile(
  path: string,
  srid: number | undefined,
): Promise<FileContent & { srid: number }> {
  const fileName = basename(path);
  const bytes = await readBytes(path);
  const content = isZip(bytes)
    ? readShapefile(bytes, fileName, srid)
    : readGeojson(new TextDecoder().decode(bytes), fileName);
  if (content.features.length === 0) {
    const reasons = [...content.leftOut].map(([reason, count]) => `${count} ${reason}`).join(', ');
    throw new UsageError(
      'no_points',
      `${fileName} ne contient aucun point${reasons === '' ? '' : ` (${reasons})`}.`,
    );
  }
  return { ...content, srid: srid ?? content.srid ?? guessSrid(content, fileName) };
}

const WHY_UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: "il n'y a pas de fichier à cet endroit ; vérifiez le chemin",
  EISDIR: "c'est un dossier ; donnez un fichier",
  EACCES: "ses droits l'interdisent",
};

/** Reads a file; says so when it is missing or empty. */
export async function readBytes(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(
      'file_not_found',
      `${path} ne peut pas être lu : ${WHY_UNREADABLE[cause.code ?? ''] ?? cause.message}.`,
    );
  });
  if (bytes.byteLength === 0) throw new UsageError('empty_file', `${basename(path)} est vide.`);
  return bytes;
}

function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b;
}

/** A GeoJSON that says nothing should be in degrees; many hold Lambert-93 or CC metres. */
function guessSrid(content: FileContent, fileName: string): number {
  const isAll = (test: (x: number, y: number) => boolean) => content.features.every(({ x, y }) => test(x, y));
  if (isAll((x, y) => Math.abs(x) <= 180 && Math.abs(y) <= 90)) return 4326;
  if (isAll((x, y) => x > 0 && x < 1_400_000 && y > 6_000_000 && y < 7_300_000)) return 2154;
  const zone = 41 + Math.floor((content.features[0]?.y ?? 0) / 1_000_000);
  const isZone = (x: number, y: number) =>
    x > 1_300_000 && x < 2_200_000 && 41 + Math.floor(y / 1_000_000) === zone;
  if (zone >= 42 && zone <= 50 && isAll(isZone)) return 3900 + zone;
  throw new UsageError(
    'crs_needed',
    `La projection de ${fileName} ne se devine pas de ses coordonnées : dites-la, par exemple --crs EPSG:2154.`,
  );
}
