import type { Handle } from './auth-shim.ts';

const prefix = '/storage/v1';

/**
 * Makes lite's Storage answer a signature as Supabase's does: `signedURL`, from the address of the
 * Storage. Without it supabase-js builds an address that leads nowhere.
 */
export function withStorageShim(handle: Handle): Handle {
  return async (request) => {
    const response = await handle(request);
    const { pathname } = new URL(request.url);
    const isSigning = request.method === 'POST' && pathname.startsWith(`${prefix}/object/sign/`);
    if (!isSigning || !response.ok) return response;
    const body = (await response.json()) as Signed | Signed[];
    return Response.json(Array.isArray(body) ? body.map(asSupabase) : asSupabase(body));
  };
}

interface Signed {
  signedUrl?: string | null;
}

function asSupabase(signed: Signed): Signed & { signedURL: string | null } {
  const address = signed.signedUrl ?? null;
  return { ...signed, signedURL: address?.startsWith(prefix) ? address.slice(prefix.length) : address };
}
