import { failure } from './answers.ts';
import type { FunctionEnv, FunctionHandler } from './env.ts';

/** The app is served from an origin of its own: the gateway of Supabase leaves these headers to the functions. */
export const corsHeaders: Readonly<Record<string, string>> = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Headers': 'authorization, apikey, content-type, x-client-info',
  'Access-Control-Allow-Methods': 'GET, POST, OPTIONS',
};

/** Serves a handler to browsers of any origin: what they ask before they call, and an answer even where it fails. */
export function forBrowsers(
  handler: FunctionHandler,
  env: FunctionEnv,
): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: corsHeaders });
    const response = await handler(request, env).catch((error: unknown) => {
      console.error(error);
      return failure(500, 'server_error');
    });
    for (const [name, value] of Object.entries(corsHeaders)) response.headers.set(name, value);
    return response;
  };
}
