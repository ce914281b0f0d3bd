import type { Fault } from './faults.ts';
import { licenceOf, PREFIXES } from './iris.ts';
import type { Said } from './said.ts';
import type { TextReader } from './texts.ts';
import type { Labels } from './vocabulary.ts';

const { skos, dct } = PREFIXES;
const TITLES = [
  `${dct}title`,
  'http://purl.org/dc/elements/1.1/title',
  `${skos}prefLabel`,
  'http://www.w3.org/2000/01/rdf-schema#label',
];

/** A scheme that a file holds. */
export interface ReadScheme {
  readonly uri: string;
  readonly labels: Labels;
  readonly licence: string | null;
  readonly source: string | null;
  /** How many of its concepts the file holds. */
  readonly count: number;
}

interface Chosen {
  /** Null where the file names none. */
  readonly scheme: ReadScheme | null;
  readonly schemes: readonly ReadScheme[];
  /** Addresses of its concepts. */
  readonly concepts: readonly string[];
  readonly faults: readonly Fault[];
}

/**
 * The scheme of a file, and its concepts. Of several, the one that is asked for (`wanted`, an address), ours (`own`), or the
 * only one that has concepts; else it is a fault to say which.
 */
export function readScheme(said: Said, texts: TextReader, wanted: string | null, own: string): Chosen {
  const concepts = said.things('Concept');
  const membership = new Map(
    concepts.map((iri) => [
      iri,
      new Set([...said.iris(iri, `${skos}inScheme`), ...said.iris(iri, `${skos}topConceptOf`)]),
    ]),
  );
  const named = new Set([
    ...said.things('ConceptScheme'),
    ...[...membership.values()].flatMap((all) => [...all]),
  ]);
  const schemes = [...named].map((uri): ReadScheme => {
    const [source] = said.of(uri, `${dct}source`);
    const [licence] = said.of(uri, `${dct}license`);
    const title = TITLES.map((property) => said.of(uri, property)).find((one) => one.length > 0) ?? [];
    return {
      uri,
      labels: texts.notes(title, uri),
      licence: licence ? licenceOf(licence.value) : null,
      source: source?.value ?? null,
      count: concepts.filter((iri) => membership.get(iri)?.has(uri)).length,
    };
  });
  const full = schemes.filter(({ count }) => count > 0);
  const candidates = full.length > 0 ? full : schemes;
  const asked = [wanted, own].map((uri) => candidates.find((one) => one.uri === uri)).find(Boolean);
  const scheme = asked ?? (candidates.length === 1 ? candidates[0] : undefined) ?? null;
  if (!scheme && candidates.length > 1) {
    const faults = candidates.map(({ uri, count }): Fault => ({
      code: 'several_schemes',
      detail: uri,
      count,
    }));
    return { scheme: null, schemes, concepts: [], faults };
  }
  // A concept that tells no scheme is of the only one.
  const isOf = (iri: string) => {
    const all = membership.get(iri);
    return !scheme || all?.has(scheme.uri) || (all?.size === 0 && candidates.length === 1);
  };
  return { scheme, schemes, concepts: concepts.filter(isOf), faults: [] };
}
