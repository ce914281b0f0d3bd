import { forBrowsers } from './cors.ts';
import { addressHeaderOf, type FunctionEnv, type FunctionHandler, type Reach } from './env.ts';

/** The part of Deno that the functions use: they are type-checked with the rest, under Node. */
declare const Deno: {
  env: { get(name: string): string | undefined };
  serve(handle: (request: Request) => Promise<Response>): void;
  resolveDns(host: string, kind: 'A' | 'AAAA'): Promise<string[]>;
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
    reach,
  };
}

/**
 * Deno's `fetch` takes no address to connect to: it resolves the name once more. A name server that answers otherwise the second
 * time is not seen here; the platform's own network, which has nothing but functions on it, is what remains. The local server
 * connects to the address that was checked.
 */
const reach: Reach = {
  async resolve(host) {
    if (/^[\d.]+$|:/.test(host)) return [host];
    const kinds = await Promise.allSettled([Deno.resolveDns(host, 'A'), Deno.resolveDns(host, 'AAAA')]);
    return kinds.flatMap((found) => (found.status === 'fulfilled' ? found.value : []));
  },
  open: (url, _address, headers, signal) => fetch(url, { headers, signal, redirect: 'manual' }),
};
