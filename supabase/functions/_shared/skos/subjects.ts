import type { Quad, Quad_Object } from 'n3';

import { PREFIXES } from './iris.ts';

/** What is said of one thing, in the order in which it is said: objects by predicate, as `skos:prefLabel`. */
export interface Subject {
  readonly iri: string;
  readonly said: ReadonlyMap<string, readonly Quad_Object[]>;
}

/** Quads, subject by subject. Throws for a predicate of no known namespace: it could not be written short. */
export function subjectsOf(quads: readonly Quad[]): Subject[] {
  return [...Map.groupBy(quads, (one) => one.subject.value)].map(([iri, own]) => ({
    iri,
    said: new Map(
      [...Map.groupBy(own, (one) => shortName(one.predicate.value))].map(([name, all]) => [
        name,
        all.map((one) => one.object),
      ]),
    ),
  }));
}

function shortName(iri: string): string {
  for (const [prefix, namespace] of Object.entries(PREFIXES)) {
    if (iri.startsWith(namespace)) return `${prefix}:${iri.slice(namespace.length)}`;
  }
  throw new Error(`No prefix for ${iri}`);
}
