import { failure, json } from '../_shared/answers.ts';
import { readBounded } from '../_shared/bounded-body.ts';
import type { FunctionEnv, FunctionHandler } from '../_shared/env.ts';
import { type AddressFault, fetchPublic } from '../_shared/public-fetch.ts';
import { addressesAt } from '../_shared/skos/iris.ts';
import { readFile } from '../_shared/skos/read-file.ts';
import { readVocabulary } from '../_shared/skos/read-vocabulary.ts';
import { exportAddresses } from './export-addresses.ts';
import { readKnown } from './known.ts';
import { type Asked, MAXIMUM_BYTES, readAsked } from './request.ts';

/** Milliseconds for an address to be fetched, all in all. */
const FETCH_WITHIN_MS = 20_000;
/** What readers know how to read, in the order in which it is most whole. */
const ACCEPT = 'text/turtle, application/ld+json;q=0.9, application/rdf+xml;q=0.8, text/csv;q=0.5, */*;q=0.1';

interface File {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
  /** Address that it was fetched at. */
  readonly url?: string;
}

type Refused = { readonly fault: AddressFault | 'address_is_a_page'; readonly detail?: string };

/**
 * Reads a vocabulary to be imported and writes nothing: `POST ?scheme=<id>` with the file as body, or `{scheme, url, source?}`.
 * Answers `{scheme, schemes, concepts, faults, warnings}`; a file with faults has no use but to be told of them.
 */
export const handler: FunctionHandler = async (request, env) => {
  if (request.method !== 'POST') return failure(405, 'invalid_argument', 'POST attendu.');
  if (!request.headers.get('authorization'))
    return failure(401, 'auth_required', 'Connectez-vous pour continuer.');
  const asked = await readAsked(request);
  if (asked === 'too_large') return tooLarge();
  if (typeof asked === 'string')
    return failure(400, 'invalid_argument', `Champ manquant ou invalide : ${asked}.`);
  const known = await readKnown(request, env, asked.scheme);
  if (known instanceof Response) return known;
  const file = asked.url === null ? await sentFile(request) : await fetchedFile(asked.url, env);
  if (file === 'too_large') return tooLarge();
  if ('fault' in file) {
    const { fault: code, detail } = file;
    return json({
      scheme: null,
      schemes: [],
      concepts: [],
      faults: [{ code, ...(detail ? { detail } : {}) }],
      warnings: [],
    });
  }
  return json(await readWith(file, asked, env, known));
};

async function readWith(
  { bytes, type, url }: File,
  { scheme, source }: Asked,
  env: FunctionEnv,
  known: Parameters<typeof readVocabulary>[1]['known'],
) {
  const quads = await readFile(bytes, type, url);
  return readVocabulary(quads, { scheme, source, known, at: addressesAt(env.publicUrl) });
}

const tooLarge = () => failure(413, 'too_large', 'Un fichier de 20 Mo au plus.');

async function sentFile(request: Request): Promise<File | 'too_large'> {
  const bytes = await readBounded(request.body, MAXIMUM_BYTES);
  return bytes ? { bytes, type: request.headers.get('content-type') ?? '' } : 'too_large';
}

/** The file of an address, or of the export that belongs to it where it is a page for people. */
async function fetchedFile(address: string, { reach }: FunctionEnv): Promise<File | Refused> {
  if (!reach) return { fault: 'address_unreachable' };
  const signal = AbortSignal.timeout(FETCH_WITHIN_MS);
  let refused: Refused = { fault: 'address_is_a_page' };
  for (const url of exportAddresses(address)) {
    const found = await fetchPublic(url, { reach, signal, maximumBytes: MAXIMUM_BYTES, accept: ACCEPT });
    if (!('fault' in found)) {
      if (!isPage(found)) return found;
      continue;
    }
    refused = found;
    // Only an address that is not there is worth another: what is not public or too large stays so.
    if (found.fault !== 'address_status') return found;
  }
  return refused;
}

function isPage({ bytes, type }: File): boolean {
  const start = new TextDecoder().decode(bytes.subarray(0, 200));
  return /^text\/html|xhtml/i.test(type) || /^\s*<(?:!doctype html|html)/i.test(start);
}
