import { parseArgs } from 'node:util';
import { UsageError } from '../usage-error.ts';

/** What `npm run load` was asked for. */
export interface LoadArguments {
  file: string;
  theme: string;
  producer: string;
  licence: string;
  srid: number | undefined;
  idColumn: string | undefined;
  concept: string | undefined;
  conceptColumn: string | undefined;
  deliveredOn: string | undefined;
}

const loadUsage =
  'npm run load -- FICHIER --theme lighting --producer "Ville de…" --licence etalab-2.0 ' +
  '[--crs EPSG:2154] [--id COLONNE] [--concept TERME | --concept-column COLONNE] [--delivered-on AAAA-MM-JJ]';

/** Reads the command line; rejects with the usage when something is missing. */
export function readLoadArguments(args: string[]): LoadArguments {
  const { values, positionals } = parse(args);
  const [file] = positionals;
  if (file === undefined) throw new UsageError('file_missing', `Quel fichier ? ${loadUsage}`);
  return {
    file,
    theme: required('theme', values.theme),
    producer: required('producer', values.producer),
    licence: required('licence', values.licence),
    srid: readSrid(values.crs),
    idColumn: values.id,
    concept: values.concept,
    conceptColumn: values['concept-column'],
    deliveredOn: readDay(values['delivered-on']),
  };
}

function parse(args: string[]) {
  const text = { type: 'string' } as const;
  const options = {
    theme: text,
    producer: text,
    licence: text,
    crs: text,
    id: text,
    concept: text,
    'concept-column': text,
    'delivered-on': text,
  };
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(
      'invalid_argument',
      `${error instanceof Error ? error.message : String(error)}. ${loadUsage}`,
    );
  }
}

function required(name: string, value: string | undefined): string {
  if (value !== undefined && value.trim() !== '') return value.trim();
  throw new UsageError('invalid_argument', `Il manque --${name}. ${loadUsage}`);
}

function readSrid(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const code = /^(?:EPSG:)?(\d{4,6})$/i.exec(text)?.[1];
  if (code === undefined)
    throw new UsageError('unknown_crs', `--crs ${text} n'est pas un code EPSG, par exemple EPSG:2154.`);
  return Number(code);
}

function readDay(text: string | undefined): string | undefined {
  if (text === undefined || (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))))
    return text;
  throw new UsageError('invalid_argument', `--delivered-on ${text} n'est pas une date AAAA-MM-JJ.`);
}
