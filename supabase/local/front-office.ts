import type { Backend } from './backend.ts';
import { compressed } from './compress.ts';
import { framedHeaders, pageHeaders, withHeaders } from './headers.ts';
import type { LocalServerOptions } from './options.ts';
import { createStaticFiles } from './static-files.ts';

/** Answers every request of the origin: the API first, then short addresses, then the application. */
export function createFrontOffice(
  backend: Backend,
  options: LocalServerOptions,
): (request: Request) => Promise<Response> {
  const files = options.staticDir === undefined ? undefined : createStaticFiles(options.staticDir);
  const headersOf = (pathname: string) =>
    pathname === '/embed.html' ? framedHeaders(options.basemapUrl) : pageHeaders(options.basemapUrl);

  return async (request) => {
    const answer = await backend.handle(request);
    if (answer) return compressed(request, answer);
    const headers = headersOf(new URL(request.url).pathname);
    if (request.method !== 'GET' && request.method !== 'HEAD') return withHeaders(notAllowed(), headers);
    const term = termAddress(request);
    const read = term && (await backend.handle(term));
    if (read) return compressed(request, withHeaders(read, headers));
    const page = shortAddress(request) ?? (await files?.(request));
    return withHeaders(page ?? notFound(), headers);
  };
}

/** `/t/<concept>`, `/thesaurus/<scheme>` and `/thesaurus/<scheme>/<version>` are the names of terms: the function `thesaurus` tells of them. */
function termAddress(request: Request): Request | undefined {
  const url = new URL(request.url);
  const match = /^\/(?:(t)|thesaurus)\/((?:[\w-]+\/)?[\w.-]+)\/?$/.exec(url.pathname);
  if (!match) return undefined;
  const [, kind, name] = match;
  url.pathname = `/functions/v1/thesaurus/${kind ? '' : 'scheme/'}${name}`;
  return new Request(url, request);
}

/** `/p/<id>` and `/c/<insee>` are what people share; the application routes by hash. */
function shortAddress(request: Request): Response | undefined {
  const match = /^\/([pc])\/([\w-]+)\/?$/.exec(new URL(request.url).pathname);
  if (!match) return undefined;
  const [, kind, id] = match;
  const route = kind === 'p' ? `p/${id}` : `?commune=${id}`;
  return new Response(null, { status: 302, headers: { Location: `/#/${route}` } });
}

function notFound(): Response {
  return new Response('Cette adresse ne mène nulle part.\n', {
    status: 404,
    headers: { 'Content-Type': 'text/plain; charset=utf-8' },
  });
}

function notAllowed(): Response {
  return new Response(null, { status: 405, headers: { Allow: 'GET, HEAD' } });
}
