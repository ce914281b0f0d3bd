import type { Warning } from './faults.ts';
import { PREFIXES } from './iris.ts';
import type { Said } from './said.ts';
import { MATCH_PROPERTIES } from './vocabulary.ts';

const { rdf, skos, dct, owl, schema, capitelle } = PREFIXES;
/** What is read of a concept. */
const READ = new Set([
  `${rdf}type`,
  ...[
    'prefLabel',
    'altLabel',
    'hiddenLabel',
    'notation',
    'definition',
    'scopeNote',
    'example',
    'changeNote',
  ].map((name) => skos + name),
  ...['broader', 'narrower', 'related', 'inScheme', 'topConceptOf', ...Object.values(MATCH_PROPERTIES)].map(
    (name) => skos + name,
  ),
  ...['isReplacedBy', 'created', 'modified', 'identifier', 'license'].map((name) => dct + name),
  `${owl}deprecated`,
  `${schema}position`,
  `${capitelle}unverifiedLabel`,
]);

/** Properties of concepts for which there is no place here, each once, with how often it was met. */
export function leftOut(said: Said, iris: readonly string[]): Warning[] {
  const counts = new Map<string, number>();
  for (const iri of iris) {
    for (const [property, count] of said.properties(iri)) {
      const isSecondNotation = property === `${skos}notation` && count > 1;
      if (!READ.has(property) || isSecondNotation) counts.set(property, (counts.get(property) ?? 0) + count);
    }
  }
  return [...counts].map(([property, count]) => ({
    code: 'property_left_out',
    detail: shortName(property),
    count,
  }));
}

function shortName(iri: string): string {
  for (const [prefix, namespace] of Object.entries(PREFIXES)) {
    if (iri.startsWith(namespace)) return `${prefix}:${iri.slice(namespace.length)}`;
  }
  return iri;
}
