import { failure } from '../_shared/answers.ts';
import { callAsCaller } from '../_shared/api.ts';
import type { FunctionEnv, FunctionHandler } from '../_shared/env.ts';
import { writeCsv } from '../_shared/skos/csv.ts';
import { addressesAt } from '../_shared/skos/iris.ts';
import { writeJsonLd } from '../_shared/skos/json-ld.ts';
import { quadsOf } from '../_shared/skos/quads.ts';
import { writeRdfXml } from '../_shared/skos/rdf-xml.ts';
import { writeTurtle } from '../_shared/skos/turtle.ts';
import type { Concept, Scheme, Vocabulary } from '../_shared/skos/vocabulary.ts';
import { type Format, FORMATS, preferredFormat, preferredLanguage, splitEnding } from './format.ts';
import { pageOfConcept, pageOfNothing, pageOfScheme } from './page.ts';

/** Seconds during which an answer is fresh: the vocabularies change by the week. */
const FRESH_SECONDS = 300;

/**
 * A term at its address (`…/thesaurus/<id>`) or a whole vocabulary (`…/thesaurus/scheme/<id>`): a page for people, Turtle,
 * JSON-LD, RDF/XML or CSV for machines, as they ask by `Accept` or by an ending (`.ttl`, `.jsonld`, `.rdf`, `.csv`).
 */
export const handler: FunctionHandler = async (request, env) => {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return failure(405, 'invalid_argument', 'GET attendu.');
  const [, kind, name = ''] =
    /\/thesaurus\/(scheme\/)?([\w.-]+)\/?$/.exec(new URL(request.url).pathname) ?? [];
  const asked = splitEnding(name);
  if (!asked?.id) return nothing(request, 'html');
  const format = asked.ending ?? preferredFormat(request);
  if (!format) return failure(406, 'invalid_argument', Object.values(FORMATS).join(', '));
  const found = await read(request, env, kind ? { scheme: asked.id } : { concept: asked.id });
  if (found instanceof Response) return found;
  return answer(request, env, { ...found, id: asked.id, isWhole: kind !== undefined, format });
};

interface Found {
  readonly scheme: Scheme | undefined;
  readonly concepts: readonly Concept[];
}

interface Asked extends Found {
  readonly id: string;
  readonly isWhole: boolean;
  readonly format: Format;
}

async function read(request: Request, env: FunctionEnv, p: object): Promise<Found | Response> {
  const query = new URLSearchParams({ p: JSON.stringify(p) });
  const response = await callAsCaller(env, withoutCondition(request), `/rest/v1/rpc/thesaurus?${query}`);
  if (!response.ok) return failure(503, 'busy');
  const { schemes, concepts } = (await response.json()) as { schemes: Scheme[]; concepts: Concept[] };
  return { scheme: schemes[0], concepts };
}

/** Public reads need nobody's rights, and whoever asks again is answered here. */
const withoutCondition = ({ url }: Request) => new Request(url);

async function answer(request: Request, env: FunctionEnv, asked: Asked): Promise<Response> {
  const { scheme, id, isWhole, format } = asked;
  const concept = asked.concepts.find((one) => one.id === id);
  if (!scheme || (!isWhole && !concept)) return nothing(request, format);
  const concepts = isWhole || !concept ? asked.concepts : [concept];
  const at = addressesAt(env.publicUrl);
  const language = preferredLanguage(request);
  const body =
    format !== 'html'
      ? await written(format, { scheme, concepts }, env)
      : concept && !isWhole
        ? pageOfConcept({ concept, around: asked.concepts, scheme, at, language })
        : pageOfScheme({ concepts, scheme, at, language });
  return new Response(request.method === 'HEAD' ? null : body, {
    headers: {
      'Content-Type': `${FORMATS[format]}; charset=utf-8`,
      'Cache-Control': `public, max-age=${FRESH_SECONDS}`,
      Vary: 'Accept, Accept-Language',
      ...(format === 'html' ? { 'Content-Language': language } : {}),
      ...(concept?.replaced_by
        ? { Link: `<${at.concept(concept.replaced_by)}>; rel="successor-version"` }
        : {}),
    },
  });
}

function nothing(request: Request, format: Format): Response {
  if (format !== 'html') return failure(404, 'not_found');
  const headers = { 'Content-Type': `${FORMATS.html}; charset=utf-8`, 'Cache-Control': 'no-store' };
  return new Response(pageOfNothing(preferredLanguage(request)), { status: 404, headers });
}

function written(
  format: Exclude<Format, 'html'>,
  vocabulary: Vocabulary,
  env: FunctionEnv,
): string | Promise<string> {
  const at = addressesAt(env.publicUrl);
  if (format === 'csv') return writeCsv(vocabulary, at);
  const quads = quadsOf(vocabulary, at);
  if (format === 'ttl') return writeTurtle(quads);
  return format === 'rdf' ? writeRdfXml(quads) : writeJsonLd(quads);
}
