import type { Quad, Quad_Object } from 'n3';

import { PREFIXES } from './iris.ts';
import { subjectsOf } from './subjects.ts';

/** Quads in JSON-LD, with the context inside: nothing has to be fetched to read it. */
export function writeJsonLd(quads: readonly Quad[]): string {
  const graph = subjectsOf(quads).map(({ iri, said }) => {
    const { 'rdf:type': types = [], ...properties } = Object.fromEntries(said);
    const values = Object.entries(properties).map(([name, objects]) => [name, objects.map(valueOf)] as const);
    return { '@id': iri, '@type': types.map((type) => type.value), ...Object.fromEntries(values) };
  });
  return JSON.stringify({ '@context': PREFIXES, '@graph': graph }, null, 1);
}

function valueOf(object: Quad_Object): object {
  if (object.termType !== 'Literal') return { '@id': object.value };
  if (object.language) return { '@language': object.language, '@value': object.value };
  const type = object.datatype.value;
  return type === `${PREFIXES.xsd}string`
    ? { '@value': object.value }
    : { '@type': type, '@value': object.value };
}
