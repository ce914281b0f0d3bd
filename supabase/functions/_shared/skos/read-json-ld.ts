import jsonld from 'jsonld';
import { Parser } from 'n3';

import { PREFIXES } from './iris.ts';
import { isRdfJson, quadsOfRdfJson } from './read-rdf-json.ts';
import { type ReadQuads, wordsOf } from './read-turtle.ts';

/** Prefixes that files use without saying what they mean. */
const WELL_KNOWN = {
  ...PREFIXES,
  dcterms: PREFIXES.dct,
  dc: 'http://purl.org/dc/elements/1.1/',
  rdfs: 'http://www.w3.org/2000/01/rdf-schema#',
};
/** Levels of a document: those of people have five, and each costs a call in a call. */
const MAXIMUM_DEPTH = 60;

class RemoteContext extends Error {}

/**
 * Reads JSON-LD, expanded or with its context inside, and RDF/JSON, which is told by its shape. Nothing is fetched for it: a context that is an address is a fault.
 * Never rejects.
 */
export async function readJsonLd(text: string, base?: string): Promise<ReadQuads> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    return {
      quads: [],
      faults: [{ code: 'broken_syntax', line: lineOf(cause, text), detail: wordsOf(cause) }],
    };
  }
  if (typeof document !== 'object' || document === null) {
    return { quads: [], faults: [{ code: 'broken_syntax', line: 1 }] };
  }
  if (isDeeper(document, MAXIMUM_DEPTH)) return { quads: [], faults: [{ code: 'too_deep' }] };
  if (isRdfJson(document)) return { quads: quadsOfRdfJson(document), faults: [] };
  try {
    const lines = (await jsonld.toRDF(document as jsonld.JsonLdDocument, {
      expandContext: WELL_KNOWN,
      format: 'application/n-quads',
      documentLoader: (address) => Promise.reject(new RemoteContext(address)),
      ...(base ? { base } : {}),
    })) as unknown as string;
    return { quads: new Parser({ format: 'N-Quads' }).parse(lines), faults: [] };
  } catch (cause) {
    const remote = remoteOf(cause);
    if (remote) return { quads: [], faults: [{ code: 'remote_context', detail: remote }] };
    return { quads: [], faults: [{ code: 'broken_syntax', detail: wordsOf(cause) }] };
  }
}

/** The address of a context that would have had to be fetched: the library wraps what its loader says. */
function remoteOf(cause: unknown): string | null {
  if (cause instanceof RemoteContext) return cause.message;
  const details = (cause as { details?: { url?: unknown; cause?: unknown } } | null)?.details;
  if (details?.cause === undefined) return null;
  return remoteOf(details.cause);
}

/** Where `JSON.parse` stopped. Some engines tell the place, others the line. */
function lineOf(cause: unknown, text: string): number | undefined {
  const words = String(cause);
  const line = /line (\d+)/.exec(words)?.[1];
  if (line) return Number(line);
  const place = /position (\d+)/.exec(words)?.[1];
  // Without a place, the text ended before its end.
  if (!place) return /end/i.test(words) ? text.split('\n').length : undefined;
  return text.slice(0, Number(place)).split('\n').length;
}

function isDeeper(value: object, levels: number): boolean {
  if (levels === 0) return true;
  return Object.values(value).some(
    (part: unknown) => typeof part === 'object' && part !== null && isDeeper(part, levels - 1),
  );
}
