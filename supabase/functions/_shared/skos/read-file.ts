import { decode } from './decode.ts';
import { readCsv } from './read-csv.ts';
import { readJsonLd } from './read-json-ld.ts';
import { readRdfXml } from './read-rdf-xml.ts';
import { type ReadQuads, readTurtle } from './read-turtle.ts';

export type FileFormat = 'ttl' | 'jsonld' | 'rdf' | 'csv';

const TYPES: Readonly<Record<string, FileFormat>> = {
  'text/turtle': 'ttl',
  'application/x-turtle': 'ttl',
  'application/n-triples': 'ttl',
  'application/ld+json': 'jsonld',
  'application/json': 'jsonld',
  'application/rdf+xml': 'rdf',
  'application/xml': 'rdf',
  'text/xml': 'rdf',
  'text/csv': 'csv',
  'text/tab-separated-values': 'csv',
};

/** Reads a file as what its type says, else as what it looks like; `base` is the address that it was fetched at. Never rejects. */
export async function readFile(
  bytes: Uint8Array<ArrayBuffer>,
  type: string,
  base?: string,
): Promise<ReadQuads> {
  const said = TYPES[type.split(';')[0]?.trim().toLowerCase() ?? ''];
  const { text, faults, warnings } = decode(
    bytes,
    said === 'csv' || (said === undefined && !looksMarked(bytes)),
  );
  if (faults.length > 0) return { quads: [], faults, warnings };
  const format = said ?? formatOf(text);
  if (format === null) return { quads: [], faults: [{ code: 'unknown_format' }], warnings };
  const read = await readAs(format, text, base);
  return { ...read, warnings: [...warnings, ...(read.warnings ?? [])] };
}

function readAs(format: FileFormat, text: string, base?: string): ReadQuads | Promise<ReadQuads> {
  if (format === 'ttl') return readTurtle(text, base);
  if (format === 'jsonld') return readJsonLd(text, base);
  return format === 'rdf' ? readRdfXml(text, base) : readCsv(text);
}

/** Systems name the types of these files seldom, or wrongly. */
function formatOf(text: string): FileFormat | null {
  const start = text.slice(0, 4_000).trimStart();
  if (/^<(?:\?xml|rdf:RDF|!--|!DOCTYPE)/i.test(start)) return 'rdf';
  if (/^[{[]\s*["{\]}]/.test(start)) return 'jsonld';
  if (/^(?:@(?:prefix|base)|prefix\s|base\s|#|<[^>]*>\s|_:)/im.test(start)) return 'ttl';
  const heading = start.split('\n')[0] ?? '';
  return /[,;\t]/.test(heading) && /label/i.test(heading) ? 'csv' : null;
}

/** Whether the first sign is one of marked text: a table begins with a word. */
function looksMarked(bytes: Uint8Array): boolean {
  const first = bytes.find((byte) => byte > 0x20 && ![0xef, 0xbb, 0xbf].includes(byte)) ?? 0;
  return [...'<{[@#_'].some((sign) => sign.charCodeAt(0) === first);
}
