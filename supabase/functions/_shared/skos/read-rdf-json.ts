import { DataFactory, type Quad, type Quad_Object } from 'n3';

const { namedNode, blankNode, literal, quad } = DataFactory;

/** Whether a JSON document is RDF/JSON (https://www.w3.org/TR/rdf-json/), which Opentheso and raptor write: things, their properties, lists of values. */
export function isRdfJson(document: object): document is Readonly<Record<string, object>> {
  if (Array.isArray(document)) return false;
  const things = Object.entries(document);
  return (
    things.length > 0 && things.every(([iri, said]) => !iri.startsWith('@') && isTable(said) && saysAll(said))
  );
}

/** What it says. A value that is none is left out. */
export function quadsOfRdfJson(document: Readonly<Record<string, object>>): Quad[] {
  return Object.entries(document).flatMap(([iri, said]) => {
    const subject = iri.startsWith('_:') ? blankNode(iri.slice(2)) : namedNode(iri);
    return Object.entries(said as Readonly<Record<string, readonly unknown[]>>).flatMap(
      ([property, values]) =>
        values.flatMap((value) => {
          const object = objectOf(value);
          return object ? [quad(subject, namedNode(property), object)] : [];
        }),
    );
  });
}

function objectOf(said: unknown): Quad_Object | null {
  if (!isTable(said)) return null;
  const { type, value, lang, datatype } = said as Readonly<Record<string, unknown>>;
  if (typeof value !== 'string') return null;
  if (type === 'uri') return namedNode(value);
  if (type === 'bnode') return blankNode(value.replace(/^_:/, ''));
  if (typeof lang === 'string' && lang !== '') return literal(value, lang);
  return typeof datatype === 'string' ? literal(value, namedNode(datatype)) : literal(value);
}

/** Every property is a whole address with a list. */
function saysAll(said: object): boolean {
  return Object.entries(said).every(
    ([property, values]) => /^[a-z][\w+.-]*:/i.test(property) && Array.isArray(values),
  );
}

function isTable(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
