import type { Handle } from './auth-shim.ts';

const prefix = '/storage/v1';

/**
 * Makes lite's Storage answer a signature as Supabase's does: `signedURL`, from the address of the
 * Storage (without it supabase-js builds an address that leads nowhere), and a refusal for a signed
 * address that is forged or over, where lite fails.
 */
export function withStorageShim(handle: Handle): Handle {
  return async (request) => {
    const response = await handle(request);
    const { pathname } = new URL(request.url);
    if (!pathname.startsWith(`${prefix}/object/sign/`)) return response;
    if (request.method === 'GET' && response.status === 500) return badSignature();
    if (request.method !== 'POST' || !response.ok) return response;
    const body = (await response.json()) as Signed | Signed[];
    return Response.json(Array.isArray(body) ? body.map(asSupabase) : asSupabase(body));
  };
}

function badSignature(): Response {
  return Response.json(
    { statusCode: '400', error: 'InvalidJWT', message: 'Cette adresse signée n’est plus valable.' },
    { status: 400 },
  );
}

interface Signed {
  signedUrl?: string | null;
}

function asSupabase(signed: Signed): Signed & { signedURL: string | null } {
  const address = signed.signedUrl ?? null;
  return { ...signed, signedURL: address?.startsWith(prefix) ? address.slice(prefix.length) : address };
}
