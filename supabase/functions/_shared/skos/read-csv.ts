import { DataFactory, type Quad } from 'n3';
import papaparse from 'papaparse';

import { columnOf } from './csv-columns.ts';
import type { Fault, Warning } from './faults.ts';
import { PREFIXES } from './iris.ts';
import type { ReadQuads } from './read-turtle.ts';

const { namedNode, quad } = DataFactory;
const { rdf, skos } = PREFIXES;
/** Terms of a table that gives them no address are told apart under it. */
const NAMELESS = 'urn:capitelle:row:';
const DELIMITERS = [',', ';', '\t'];

interface Line {
  readonly cells: readonly string[];
  /** Where it begins in the file, from 1. */
  readonly line: number;
}

/**
 * Reads a table of terms, one a row: our headings and Opentheso's, or those of people (`id`, `prefLabel_fr`, `broader`), parted
 * by commas, semicolons or tabs. Never throws.
 */
export function readCsv(text: string): ReadQuads {
  const { lines, faults } = linesOf(text);
  const [first, ...rows] = lines;
  if (!first) return { quads: [], faults };
  const headings = first.cells.map((heading) => heading.trim());
  const columns = headings.map(columnOf);
  const warnings: Warning[] = headings
    .filter((_, index) => columns[index] === 'left_out')
    .map((detail) => ({ code: 'column_left_out', line: first.line, detail }));
  const at = (name: string) => headings.findIndex((heading) => heading.toLowerCase() === name.toLowerCase());
  const cellIn = ({ cells }: Line, ...names: string[]) =>
    names.map((name) => cells[at(name)]?.trim() ?? '').find((cell) => cell !== '') ?? '';

  const iriOf = (row: Line) => {
    const own = cellIn(row, 'identifier', 'id', 'skos:notation', 'notation') || String(row.line);
    return cellIn(row, 'URI') || NAMELESS + encodeURIComponent(own);
  };
  const byName = new Map(
    rows.flatMap((row) => ['identifier', 'id'].map((name) => [cellIn(row, name), iriOf(row)] as const)),
  );
  const term = (name: string) =>
    byName.get(name) ?? (/^[a-z][a-z0-9+.-]*:/i.test(name) ? name : NAMELESS + encodeURIComponent(name));

  const quads: Quad[] = [];
  for (const row of rows) {
    const subject = namedNode(iriOf(row));
    if (row.cells.slice(headings.length).some((cell) => cell !== '')) {
      faults.push({ code: 'broken_syntax', line: row.line, detail: row.cells.at(-1) });
    }
    const type = /ConceptScheme|Collection|ConceptGroup/.exec(cellIn(row, 'rdf:type'))?.[0] ?? 'Concept';
    quads.push(quad(subject, namedNode(`${rdf}type`), namedNode(skos + type)));
    const label = (language: string) => row.cells[at(`skos:prefLabel@${language}`)] ?? '';
    row.cells.forEach((cell, index) => {
      const column = columns[index];
      if (!column || column === 'left_out') return;
      for (const object of column.values(cell, { label, term }))
        quads.push(quad(subject, namedNode(column.property), object));
    });
  }
  return { quads, faults, warnings, lines: new Map(rows.map((row) => [iriOf(row), row.line])) };
}

/** The lines that hold something, each with its place: cells may break lines too. */
function linesOf(text: string): { lines: Line[]; faults: Fault[] } {
  const lines: Line[] = [];
  const faults: Fault[] = [];
  let [read, line] = [0, 1];
  papaparse.parse<string[]>(text, {
    delimiter: delimiterOf(text),
    step: ({ data, errors, meta }) => {
      for (const { message } of errors) faults.push({ code: 'broken_syntax', line, detail: message });
      if (data.some((cell) => cell.trim() !== '')) lines.push({ cells: data, line });
      line += text.slice(read, meta.cursor).split('\n').length - 1;
      read = meta.cursor;
    },
  });
  return { lines, faults };
}

/** What parts the most cells of the headings. */
function delimiterOf(text: string): string {
  const cells = (delimiter: string) =>
    papaparse.parse<string[]>(text, { delimiter, preview: 1 }).data[0]?.length ?? 0;
  return DELIMITERS.toSorted((one, other) => cells(other) - cells(one))[0] ?? ',';
}
