import { XMLBuilder } from 'fast-xml-parser';
import type { Quad, Quad_Object } from 'n3';

import { PREFIXES } from './iris.ts';
import { subjectsOf } from './subjects.ts';

const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  format: true,
  indentBy: ' ',
});

/** Quads in RDF/XML. */
export function writeRdfXml(quads: readonly Quad[]): string {
  const namespaces = Object.entries(PREFIXES).map(([prefix, iri]) => [`@xmlns:${prefix}`, iri] as const);
  const things = subjectsOf(quads).map(({ iri, said }) => ({
    '@rdf:about': iri,
    ...Object.fromEntries([...said].map(([name, objects]) => [name, objects.map(elementOf)])),
  }));
  const document = {
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    'rdf:RDF': { ...Object.fromEntries(namespaces), 'rdf:Description': things },
  };
  return builder.build(document);
}

function elementOf(object: Quad_Object): object {
  if (object.termType !== 'Literal') return { '@rdf:resource': object.value };
  const text = { '#text': legal(object.value) };
  if (object.language) return { '@xml:lang': object.language, ...text };
  const type = object.datatype.value;
  return type === `${PREFIXES.xsd}string` ? text : { '@rdf:datatype': type, ...text };
}

/** XML 1.0 has no way at all to write most control characters. */
function legal(text: string): string {
  return text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '');
}
