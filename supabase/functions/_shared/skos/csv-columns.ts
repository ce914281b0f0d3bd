import { DataFactory, type Quad_Object } from 'n3';

import { splitCell } from './cells.ts';
import { MATCH_PROPERTIES } from './vocabulary.ts';
import { PREFIXES } from './iris.ts';

const { namedNode, literal } = DataFactory;
const { skos, dct, owl, schema, capitelle } = PREFIXES;

/** Properties whose columns are texts by language. */
const TEXTS = [
  'prefLabel',
  'altLabel',
  'hiddenLabel',
  'definition',
  'scopeNote',
  'example',
  'changeNote',
  'note',
];
/** Properties that name other terms of the table. */
const TERMS: Readonly<Record<string, string>> = {
  broader: `${skos}broader`,
  narrower: `${skos}narrower`,
  related: `${skos}related`,
  inScheme: `${skos}inScheme`,
  isReplacedBy: `${dct}isReplacedBy`,
};
const MATCHES = [...Object.values(MATCH_PROPERTIES), 'narrowMatch', 'relatedMatch'];
const PLAIN: Readonly<Record<string, string>> = {
  notation: `${skos}notation`,
  deprecated: `${owl}deprecated`,
  position: `${schema}position`,
};
/** Columns that are read on their own, and those of every table of Opentheso that say nothing that is kept here. */
const SILENT = new Set(['uri', 'identifier', 'id', 'rdf:type', '', 'dct:created', 'dct:modified']);

/** What is known of the row in which a cell stands. */
interface RowSaid {
  /** The label of the row in a language. */
  readonly label: (language: string) => string;
  /** The address of the term that a cell names by it, or by what tells it apart. */
  readonly term: (name: string) => string;
}

/** What a column says: its property and, of a cell, the values. */
export interface Column {
  readonly property: string;
  readonly values: (cell: string, row: RowSaid) => readonly Quad_Object[];
}

/**
 * What the column of a heading says: ours, Opentheso's (`skos:prefLabel@fr`), or as people write them (`prefLabel_fr`, whose
 * values are parted by `;`). `left_out`: nothing that is kept here; null: read on its own.
 */
export function columnOf(heading: string): Column | 'left_out' | null {
  if (SILENT.has(heading.toLowerCase())) return null;
  if (heading === 'unverified') return UNVERIFIED;
  const [, prefix, name = '', language = ''] =
    /^(?:(\w+):)?(\w+?)(?:[@_]([A-Za-z]{2,3}(?:-\w+)*))?$/.exec(heading) ?? [];
  const split = prefix === undefined ? splitPlain : splitCell;
  if (TEXTS.includes(name)) {
    // A definition may hold what parts words.
    const parts = /Label$/.test(name) && name !== 'prefLabel' ? split : splitCell;
    return {
      property: `${skos}${name}`,
      values: (cell) => parts(cell).map((text) => literal(text, language)),
    };
  }
  if (language !== '') return 'left_out';
  const term = TERMS[name];
  if (term) {
    const values: Column['values'] = (cell, row) => split(cell).map((one) => namedNode(row.term(one.trim())));
    return { property: term, values };
  }
  if (MATCHES.includes(name)) {
    return { property: `${skos}${name}`, values: (cell) => split(cell).map((one) => namedNode(one.trim())) };
  }
  const plain = PLAIN[name];
  return plain ? { property: plain, values: (cell) => (cell === '' ? [] : [literal(cell)]) } : 'left_out';
}

/** Languages whose label no source has validated: the label says so in SKOS. */
const UNVERIFIED: Column = {
  property: `${capitelle}unverifiedLabel`,
  values: (cell, row) => splitCell(cell).map((language) => literal(row.label(language), language)),
};

function splitPlain(cell: string): string[] {
  return splitCell(cell)
    .flatMap((part) => part.split(';'))
    .map((part) => part.trim())
    .filter(Boolean);
}
