const SKOS = 'http://www.w3.org/2004/02/skos/core#';
const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
const DCT = 'http://purl.org/dc/terms/';
const OWL = 'http://www.w3.org/2002/07/owl#';
const SCHEMA = 'http://schema.org/';
const XSD = 'http://www.w3.org/2001/XMLSchema#';
/** What no public vocabulary says: a label that no source has validated. */
const CAPITELLE = 'urn:capitelle:';

/** The namespaces of what is written, by their usual prefixes. */
export const PREFIXES = {
  rdf: RDF,
  skos: SKOS,
  dct: DCT,
  owl: OWL,
  schema: SCHEMA,
  xsd: XSD,
  capitelle: CAPITELLE,
} as const;

/** The public addresses of a thesaurus: they are also the names of its things, and stay. */
export interface Addresses {
  concept(id: string): string;
  /** A scheme as it is now, or one of its versions. */
  scheme(id: string, version?: number): string;
}

export function addressesAt(publicUrl: string): Addresses {
  const base = publicUrl.replace(/\/+$/, '');
  return {
    concept: (id) => `${base}/t/${id}`,
    scheme: (id, version) => `${base}/thesaurus/${id}${version === undefined ? '' : `/${version}`}`,
  };
}

const LICENCES: Readonly<Record<string, string>> = {
  'etalab-2.0': 'https://www.etalab.gouv.fr/licence-ouverte-open-licence/',
};

/** Address of a licence; null for one that has none here. */
export const licenceIri = (id: string): string | null => LICENCES[id] ?? null;

/** The licence of an address, or of what `licenceIri` has no address for. */
export function licenceOf(value: string): string {
  return Object.entries(LICENCES).find(([, address]) => address === value)?.[0] ?? value;
}

const WIKIDATA = 'http://www.wikidata.org/entity/';
const OSM_TAG = 'https://wiki.openstreetmap.org/wiki/Tag:';

/**
 * A term of another vocabulary as an address: `wikidata:Q12104174` and `osm:historic=wayside_cross` where they are told of;
 * `merimee:croix de chemin`, which has no address, stays under its own prefix.
 */
export function matchIri(match: string): string {
  const [, prefix = '', rest = ''] = /^([a-z][a-z0-9+.-]*):(.*)$/s.exec(match) ?? [];
  if (prefix === 'wikidata') return WIKIDATA + encode(rest);
  if (prefix === 'osm') return OSM_TAG + encode(rest);
  if (prefix === 'http' || prefix === 'https') return encode(match, ILLEGAL);
  return prefix ? `${prefix}:${encode(rest)}` : `${CAPITELLE}match:${encode(match)}`;
}

/** What `matchIri` made an address of: `wikidata:Q12104174` for that of Wikidata, and so on. */
export function matchOf(iri: string): string {
  if (iri.startsWith(WIKIDATA)) return `wikidata:${decode(iri.slice(WIKIDATA.length))}`;
  if (iri.startsWith(OSM_TAG)) return `osm:${decode(iri.slice(OSM_TAG.length))}`;
  if (/^https?:/.test(iri)) return iri;
  const own = `${CAPITELLE}match:`;
  return decode(iri.startsWith(own) ? iri.slice(own.length) : iri);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What an address may not hold, and spaces of every kind: readers of JSON-LD drop an address with one. */
const ILLEGAL = /[\s\u0000-\u0020<>"{}|\\^`]/g;
/** The same, what would be taken for something encoded or for the parts of an address, and a lone `.` or `..`. */
const NOT_OF_A_NAME = /[\s\u0000-\u0020<>"{}|\\^`%/?#[\]]|^\.{1,2}$/g;

function encode(text: string, what = NOT_OF_A_NAME): string {
  return text.replace(what, (found) => {
    const bytes = new TextEncoder().encode(found);
    return [...bytes].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
  });
}
