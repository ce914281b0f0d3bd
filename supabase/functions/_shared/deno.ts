import { forBrowsers } from './cors.ts';
import { addressHeaderOf, type FunctionEnv, type FunctionHandler } from './env.ts';

/** The part of Deno that the functions use: they are type-checked with the rest, under Node. */
declare const Deno: {
  env: { get(name: string): string | undefined };
  serve(handle: (request: Request) => Promise<Response>): void;
};

/** Reads a variable of the platform. */
type Variable = (name: string) => string | undefined;

/**
 * Serves a handler on Supabase, with what the platform says of the project and what `more` makes of its variables.
 */
export function serveOnSupabase(
  handler: FunctionHandler,
  more: (get: Variable) => Partial<FunctionEnv> = () => ({}),
): void {
  const get: Variable = (name) => Deno.env.get(name);
  Deno.serve(forBrowsers(handler, { ...platformEnv(get), ...more(get) }));
}

function platformEnv(get: Variable): FunctionEnv {
  const supabaseUrl = get('SUPABASE_URL') ?? '';
  return {
    supabaseUrl,
    publishableKey: get('SUPABASE_PUBLISHABLE_KEY') ?? get('SUPABASE_ANON_KEY') ?? '',
    serviceKey: get('SUPABASE_SECRET_KEY') ?? get('SUPABASE_SERVICE_ROLE_KEY') ?? '',
    ...addressHeaderOf(supabaseUrl, get('ADDRESS_HEADER')),
    publicUrl: get('PUBLIC_URL') ?? supabaseUrl,
  };
}
