import { basename } from 'node:path';
import type { Database } from '../database.ts';
import { UsageError } from '../usage-error.ts';
import type { LoadArguments } from './arguments.ts';
import { findConceptColumn } from './concept-column.ts';
import type { FileFeature } from './features.ts';
import { readPointFile } from './read-file.ts';
import { referencesOf, toRow, type LoadRow, type RowOptions } from './rows.ts';
import { readTheme } from './theme.ts';

/** Rows of one transaction: well under 2 s, since a longer one would stall every device's sync. */
const rowsPerTransaction = 500;

/** What became of the objects of a file. */
export interface LoadReport {
  total: number;
  inserted: number;
  updated: number;
  unchanged: number;
  /** Objects left out, counted by reason. */
  leftOut: Map<string, number>;
  conceptColumn: string | undefined;
}

interface ChunkAnswer {
  inserted: number;
  updated: number;
  unchanged: number;
  refused: { ref: string; code: string; details: string | null }[];
}

/** Loads a file as published points with their source. Loading it again changes nothing. */
export async function loadFile(
  database: Database,
  options: LoadArguments,
  say: (line: string) => void,
): Promise<LoadReport> {
  const theme = await readTheme(database, options.theme);
  const content = await readPointFile(options.file, options.srid);
  await checkSrid(database, content.srid);
  checkColumn(content.features, options.idColumn);
  checkColumn(content.features, options.conceptColumn);
  if (options.concept !== undefined && !theme.concepts.some(({ id }) => id === options.concept)) {
    throw new UsageError(
      'invalid_concept',
      `Le terme ${options.concept} n'est pas dans le thésaurus de ${options.theme}.`,
    );
  }
  const column = findConceptColumn(content.features, theme.concepts, options.conceptColumn);
  const rowOptions: RowOptions = {
    idColumn: options.idColumn,
    conceptColumn: column?.column,
    conceptOf: column?.conceptOf ?? new Map(),
    defaultConcept: options.concept ?? (column ? theme.holdingConcept : undefined),
    formKeys: theme.formKeys,
  };
  const refs = referencesOf(content.features, options.idColumn);
  const total =
    content.features.length + [...content.leftOut.values()].reduce((sum, count) => sum + count, 0);
  const report: LoadReport = {
    total,
    inserted: 0,
    updated: 0,
    unchanged: 0,
    leftOut: content.leftOut,
    conceptColumn: column?.column,
  };

  for (let start = 0; start < content.features.length; start += rowsPerTransaction) {
    const chunk = content.features.slice(start, start + rowsPerTransaction);
    const positions = await toWgs84(database, chunk, content.srid);
    const rows = chunk.map((feature, index) =>
      toRow(feature, refs[start + index] ?? '', positions[index] ?? [0, 0], rowOptions),
    );
    add(report, await loadChunk(database, options, rows));
    if ((start / rowsPerTransaction) % 10 === 9) say(`${start + chunk.length} / ${content.features.length}…`);
  }
  return report;
}

async function loadChunk(
  database: Database,
  options: LoadArguments,
  points: LoadRow[],
): Promise<ChunkAnswer> {
  const [row] = await database.query<{ answer: ChunkAnswer }>(
    'select private.load_points($1::jsonb) as answer',
    [
      JSON.stringify({
        theme: options.theme,
        producer: options.producer,
        licence: options.licence,
        delivered_on: options.deliveredOn,
        file_name: basename(options.file),
        points,
      }),
    ],
  );
  if (!row) throw new Error('load_points gave no answer');
  return row.answer;
}

function add(report: LoadReport, answer: ChunkAnswer): void {
  report.inserted += answer.inserted;
  report.updated += answer.updated;
  report.unchanged += answer.unchanged;
  for (const { code, details } of answer.refused) {
    const reason = details ? `${code} : ${details}` : code;
    report.leftOut.set(reason, (report.leftOut.get(reason) ?? 0) + 1);
  }
}

async function toWgs84(
  database: Database,
  features: readonly FileFeature[],
  srid: number,
): Promise<[number, number][]> {
  if (srid === 4326) return features.map(({ x, y }) => [x, y]);
  const rows = await database.query<{ lon: number; lat: number }>(
    `select extensions.st_x(g) as lon, extensions.st_y(g) as lat
     from jsonb_array_elements($1::jsonb) with ordinality as t (c, n)
     cross join lateral extensions.st_transform(
       extensions.st_setsrid(extensions.st_makepoint((c ->> 0)::float8, (c ->> 1)::float8), $2::int), 4326) as g
     order by n`,
    [JSON.stringify(features.map(({ x, y }) => [x, y])), srid],
  );
  return rows.map(({ lon, lat }) => [lon, lat]);
}

async function checkSrid(database: Database, srid: number): Promise<void> {
  const known = await database.query('select 1 from extensions.spatial_ref_sys where srid = $1', [srid]);
  if (known.length === 0)
    throw new UsageError('unknown_crs', `La projection EPSG:${srid} est inconnue de PostGIS.`);
}

function checkColumn(features: readonly FileFeature[], column: string | undefined): void {
  if (column === undefined || features.some(({ properties }) => Object.hasOwn(properties, column))) return;
  const columns = Object.keys(features[0]?.properties ?? {}).join(', ');
  throw new UsageError(
    'unknown_column',
    `Le fichier n'a pas de colonne ${column}. Ses colonnes : ${columns}.`,
  );
}
