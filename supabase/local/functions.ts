import { failure } from '../functions/_shared/answers.ts';
import { corsHeaders } from '../functions/_shared/cors.ts';
import type { FunctionEnv, FunctionHandler } from '../functions/_shared/env.ts';
import { sandboxHeaders, withHeaders } from './headers.ts';
import { bufferBody } from './request-body.ts';

/** Largest body of a call: photos go to Storage, what is said of them fits in a few lines. */
const maximumBytes = 64 * 1024;

/** A report may hold a picture of 3 MB, which base64 makes a third longer. */
const maximumReportBytes = 4.5 * 1024 * 1024;

/** A vocabulary of a whole language; its function says so too. */
const maximumVocabularyBytes = 20 * 1024 * 1024;

const maximumBytesOf: Readonly<Record<string, number>> = {
  report: maximumReportBytes,
  thesaurus_import: maximumVocabularyBytes,
};

/** Serves `/functions/v1/<name>` from the handlers that Deno runs in production. */
export function createFunctions(
  handlers: Readonly<Record<string, FunctionHandler>>,
  env: FunctionEnv,
): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: corsHeaders });
    const name = new URL(request.url).pathname.split('/')[3] ?? '';
    const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
    const buffered = await bufferBody(request, (handler && maximumBytesOf[name]) ?? maximumBytes);
    if (buffered instanceof Response) return withHeaders(buffered, { ...sandboxHeaders, ...corsHeaders });
    const response = handler
      ? await handler(buffered, env).catch((error: unknown) => {
          console.error(`fonction ${name} :`, error);
          return failure(500, 'server_error');
        })
      : failure(404, 'not_found');
    return withHeaders(response, { ...sandboxHeaders, ...corsHeaders });
  };
}
