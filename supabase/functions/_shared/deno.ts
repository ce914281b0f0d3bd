import type { FunctionEnv, FunctionHandler } from './env.ts';

/** The part of Deno that the functions use: they are type-checked with the rest, under Node. */
declare const Deno: {
  env: { get(name: string): string | undefined };
  serve(handle: (request: Request) => Promise<Response>): void;
};

/** Serves a handler on Supabase, with what the platform says of the project. */
export function serveOnSupabase(handler: FunctionHandler): void {
  const env = platformEnv();
  Deno.serve((request) => handler(request, env));
}

function platformEnv(): FunctionEnv {
  const supabaseUrl = Deno.env.get('SUPABASE_URL') ?? '';
  return {
    supabaseUrl,
    publishableKey: Deno.env.get('SUPABASE_PUBLISHABLE_KEY') ?? Deno.env.get('SUPABASE_ANON_KEY') ?? '',
    serviceKey: Deno.env.get('SUPABASE_SECRET_KEY') ?? Deno.env.get('SUPABASE_SERVICE_ROLE_KEY') ?? '',
    publicUrl: Deno.env.get('PUBLIC_URL') ?? supabaseUrl,
  };
}
