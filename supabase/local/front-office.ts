import type { Backend } from './backend.ts';
import { compressed } from './compress.ts';
import { pageHeaders, withHeaders } from './headers.ts';
import type { LocalServerOptions } from './options.ts';
import { createStaticFiles } from './static-files.ts';

/** Answers every request of the origin: the API first, then short addresses, then the application. */
export function createFrontOffice(
  backend: Backend,
  options: LocalServerOptions,
): (request: Request) => Promise<Response> {
  const files = options.staticDir === undefined ? undefined : createStaticFiles(options.staticDir);
  const headers = pageHeaders(options.basemapUrl);

  return async (request) => {
    const answer = await backend.handle(request);
    if (answer) return compressed(request, answer);
    if (request.method !== 'GET' && request.method !== 'HEAD') return withHeaders(notAllowed(), headers);
    const page = shortAddress(request) ?? (await files?.(request));
    return withHeaders(page ?? notFound(), headers);
  };
}

/** `/p/<id>`, `/c/<insee>` and `/t/<concept>` are what people share; the application routes by hash. */
function shortAddress(request: Request): Response | undefined {
  const match = /^\/([pct])\/([\w-]+)\/?$/.exec(new URL(request.url).pathname);
  if (!match) return undefined;
  const [, kind, id] = match;
  const route = kind === 'p' ? `p/${id}` : kind === 'c' ? `?commune=${id}` : `?concept=${id}`;
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
