import type { Quad, Quad_Object } from 'n3';

import { PREFIXES } from './iris.ts';

const { rdf, skos } = PREFIXES;

/** What a file says of its things, by address and by property. */
export class Said {
  readonly #said = new Map<string, Map<string, Quad_Object[]>>();
  readonly #known = new Set<string>();

  constructor(quads: readonly Quad[]) {
    for (const { subject, predicate, object } of quads) this.#add(subject.value, predicate.value, object);
  }

  /** Values of a property, in the order of the file, each once. */
  of(iri: string, property: string): readonly Quad_Object[] {
    return this.#said.get(iri)?.get(property) ?? [];
  }

  /** The addresses among them. */
  iris(iri: string, property: string): string[] {
    return this.of(iri, property)
      .filter((one) => one.termType !== 'Literal')
      .map((one) => one.value);
  }

  properties(iri: string): [property: string, count: number][] {
    return [...(this.#said.get(iri) ?? [])].map(([property, objects]) => [property, objects.length]);
  }

  /** Addresses of the things of a type of SKOS, in the order of the file. */
  things(type: string): string[] {
    return [...this.#said.keys()].filter((iri) => this.iris(iri, `${rdf}type`).includes(skos + type));
  }

  #add(iri: string, property: string, object: Quad_Object): void {
    const isLiteral = object.termType === 'Literal';
    const key = JSON.stringify([iri, property, object.value, isLiteral ? object.language : null]);
    if (this.#known.has(key)) return;
    this.#known.add(key);
    const all = this.#said.get(iri) ?? new Map<string, Quad_Object[]>();
    this.#said.set(iri, all);
    const objects = all.get(property);
    if (objects) objects.push(object);
    else all.set(property, [object]);
  }
}
