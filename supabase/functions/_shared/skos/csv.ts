import papaparse from 'papaparse';

import { joinCell } from './cells.ts';
import { type Addresses, matchIri } from './iris.ts';
import { type Concept, MATCH_KINDS, MATCH_PROPERTIES, type Vocabulary } from './vocabulary.ts';

type Cells = Readonly<Record<string, string>>;

/** A vocabulary as a table, one concept a row, with the headings that Opentheso knows: `skos:prefLabel@fr`. */
export function writeCsv({ concepts }: Vocabulary, at: Addresses): string {
  const rows = concepts.map((concept) => cellsOf(concept, at));
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].toSorted(
    (one, other) => rankOf(one) - rankOf(other) || (one < other ? -1 : 1),
  );
  // The mark tells spreadsheets that it is UTF-8.
  return `\ufeff${papaparse.unparse({ fields: columns, data: rows.map((row) => columns.map((name) => row[name] ?? '')) })}\r\n`;
}

const ORDER = ['URI', 'identifier', 'skos:notation', 'skos:prefLabel', 'skos:altLabel', 'skos:hiddenLabel'];

function rankOf(column: string): number {
  const rank = ORDER.indexOf(column.split('@')[0] ?? '');
  return rank < 0 ? ORDER.length : rank;
}

function cellsOf(concept: Concept, at: Addresses): Cells {
  const texts = (name: string, words: Readonly<Record<string, string | readonly string[]>>) =>
    Object.fromEntries(
      Object.entries(words).map(([language, said]) => [`${name}@${language}`, joinCell([said].flat())]),
    );
  const addresses = (ids: readonly (string | null)[]) =>
    joinCell(ids.flatMap((id) => (id === null ? [] : [at.concept(id)])));
  const matches = MATCH_KINDS.map((kind) => [
    `skos:${MATCH_PROPERTIES[kind]}`,
    joinCell((concept.matches[kind] ?? []).map(matchIri)),
  ]);
  return {
    URI: at.concept(concept.id),
    identifier: concept.id,
    'skos:notation': concept.notation ?? '',
    ...texts('skos:prefLabel', concept.labels),
    ...texts('skos:altLabel', concept.alt),
    ...texts('skos:hiddenLabel', concept.hidden),
    ...texts('skos:definition', concept.definition),
    ...texts('skos:scopeNote', concept.scope_note ?? {}),
    ...texts('skos:example', concept.example),
    ...texts('skos:changeNote', concept.change_note ?? {}),
    'skos:inScheme': at.scheme(concept.scheme),
    'skos:broader': addresses([concept.broader]),
    'skos:related': addresses(concept.related),
    ...Object.fromEntries(matches),
    // Languages whose label no source has validated.
    unverified: joinCell(concept.unverified),
    'owl:deprecated': concept.status === 'deprecated' ? 'true' : '',
    'dct:isReplacedBy': addresses([concept.replaced_by]),
    'schema:position': String(concept.position),
  };
}
