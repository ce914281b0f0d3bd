import { failure } from '../_shared/answers.ts';
import type { FunctionEnv, FunctionHandler } from '../_shared/env.ts';
import { writeCsv } from '../_shared/skos/csv.ts';
import { addressesAt } from '../_shared/skos/iris.ts';
import { writeJsonLd } from '../_shared/skos/json-ld.ts';
import { quadsOf } from '../_shared/skos/quads.ts';
import { writeRdfXml } from '../_shared/skos/rdf-xml.ts';
import { writeTurtle } from '../_shared/skos/turtle.ts';
import type { Vocabulary } from '../_shared/skos/vocabulary.ts';
import { type Format, FORMATS, preferredFormat, preferredLanguage, splitEnding } from './format.ts';
import { pageOfConcept, pageOfNothing } from './concept-page.ts';
import { type Failing, readNow, readReleases, readVersion } from './read.ts';
import { pageOfScheme } from './scheme-page.ts';

/** Seconds during which an answer is fresh: the vocabularies change by the week. */
const FRESH_SECONDS = 300;
/** `<concept>`, `scheme/<scheme>` or `scheme/<scheme>/<number of a version>`, each with or without an ending. */
const PATH = /\/thesaurus\/(?:(scheme)\/(?:([\w-]+)\/)?)?([\w.-]+)\/?$/;

/** What is asked for: how it is written, and as a page. */
interface Asked {
  readonly vocabulary: Vocabulary;
  readonly page: () => string | Promise<string | Failing>;
  /** Where a concept went that is no longer used. */
  readonly successor?: string | null;
}

/**
 * A term at its address (`…/thesaurus/<id>`), a whole vocabulary (`…/thesaurus/scheme/<id>`) or a version of one
 * (`…/scheme/<id>/<number>`): a page for people, Turtle, JSON-LD, RDF/XML or CSV for machines, as they ask by `Accept` or by
 * an ending (`.ttl`, `.jsonld`, `.rdf`, `.csv`).
 */
export const handler: FunctionHandler = async (request, env) => {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return failure(405, 'invalid_argument', 'GET attendu.');
  const [, isScheme, scheme, last = ''] = PATH.exec(new URL(request.url).pathname) ?? [];
  const name = splitEnding(last);
  if (!name?.id) return notFound(request, 'html');
  const format = name.ending ?? preferredFormat(request);
  if (!format) return failure(406, 'invalid_argument', Object.values(FORMATS).join(', '));
  const asked = await find(request, env, isScheme ? (scheme ?? name.id) : null, name.id);
  if (asked === 'missing') return notFound(request, format);
  if (asked === 'busy') return failure(503, 'busy');
  const body = format === 'html' ? await asked.page() : await written(format, asked.vocabulary, env);
  if (body === 'missing' || body === 'busy') return failure(503, 'busy');
  return new Response(request.method === 'HEAD' ? null : body, {
    headers: {
      'Content-Type': `${FORMATS[format]}; charset=utf-8`,
      'Cache-Control': `public, max-age=${FRESH_SECONDS}`,
      Vary: 'Accept, Accept-Language',
      ...(format === 'html' ? { 'Content-Language': preferredLanguage(request) } : {}),
      ...(asked.successor ? { Link: `<${asked.successor}>; rel="successor-version"` } : {}),
    },
  });
};

/** `schemeId` null: a concept, `id`. The same as `id`: the scheme as it is now. Else a version of it, whose number is `id`. */
async function find(
  request: Request,
  env: FunctionEnv,
  schemeId: string | null,
  id: string,
): Promise<Asked | Failing> {
  const at = addressesAt(env.publicUrl);
  const language = preferredLanguage(request);
  if (schemeId === null) {
    const found = await readNow(env, { concept: id });
    if (typeof found === 'string') return found;
    const { scheme, concepts: around } = found;
    const concept = around.find((one) => one.id === id);
    if (!concept) return 'missing';
    const { replaced_by: successor } = concept;
    return {
      vocabulary: { scheme, concepts: [concept] },
      // A hosted project has its files at the address of its API; the local server has all at one.
      page: () =>
        pageOfConcept({
          concept,
          around,
          scheme,
          at,
          language,
          files: env.supabaseUrl.startsWith('https:') ? env.supabaseUrl : '',
        }),
      successor: successor === null ? null : at.concept(successor),
    };
  }
  if (schemeId === id) {
    const vocabulary = await readNow(env, { scheme: id });
    if (typeof vocabulary === 'string') return vocabulary;
    const page = async () => {
      const releases = await readReleases(env, id);
      return typeof releases === 'string' ? releases : pageOfScheme({ vocabulary, releases, at, language });
    };
    return { vocabulary, page };
  }
  const vocabulary = /^[1-9]\d{0,5}$/.test(id) ? await readVersion(env, schemeId, Number(id)) : 'missing';
  if (typeof vocabulary === 'string') return vocabulary;
  return {
    vocabulary,
    page: () => pageOfScheme({ vocabulary, release: vocabulary.release, releases: [], at, language }),
  };
}

function notFound(request: Request, format: Format): Response {
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
