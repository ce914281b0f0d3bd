import { randomUUID } from 'node:crypto';

/** Answers a request of the API. */
export type Handle = (request: Request) => Promise<Response>;

/**
 * Makes lite's accounts behave as Supabase's where the app relies on it: `verify` takes the type
 * `email`, `resend` sends a new code, and a second sign-up of the same address sends a code too
 * instead of telling that the address is known.
 */
export function withAuthShim(handle: Handle): Handle {
  return async (request) => {
    if (request.method !== 'POST') return handle(request);
    const path = new URL(request.url).pathname;
    if (path === '/auth/v1/verify') return verify(request, handle);
    if (path === '/auth/v1/resend') return resend(request, handle);
    if (path === '/auth/v1/signup') return signUp(request, handle);
    return handle(request);
  };
}

async function verify(request: Request, handle: Handle): Promise<Response> {
  const body = await readBody(request);
  // lite's `magiclink` looks for the code of a sign-in then of a sign-up, as Supabase's `email` does.
  if (body['type'] === 'email') body['type'] = 'magiclink';
  return handle(withBody(request, body));
}

async function resend(request: Request, handle: Handle): Promise<Response> {
  const body = await readBody(request);
  if (body['type'] !== 'signup') return handle(withBody(request, body));
  return sendCode(request, handle, body['email']);
}

async function signUp(request: Request, handle: Handle): Promise<Response> {
  const body = await readBody(request);
  const response = await handle(withBody(request, body));
  if (response.status !== 429) return response;
  const sent = await sendCode(request, handle, body['email']);
  if (!sent.ok) return sent;
  const now = new Date().toISOString();
  return Response.json({
    id: randomUUID(),
    aud: 'authenticated',
    role: 'authenticated',
    email: body['email'],
    phone: '',
    confirmation_sent_at: now,
    app_metadata: { provider: 'email', providers: ['email'] },
    user_metadata: {},
    identities: [],
    created_at: now,
    updated_at: now,
    is_anonymous: false,
  });
}

function sendCode(request: Request, handle: Handle, email: unknown): Promise<Response> {
  const url = new URL('/auth/v1/otp', request.url);
  const headers = new Headers(request.headers);
  headers.delete('content-length');
  return handle(
    new Request(url, { method: 'POST', headers, body: JSON.stringify({ email, create_user: false }) }),
  );
}

async function readBody(request: Request): Promise<Record<string, unknown>> {
  const value: unknown = await request.json().catch(() => undefined);
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function withBody(request: Request, body: Record<string, unknown>): Request {
  const headers = new Headers(request.headers);
  headers.delete('content-length');
  return new Request(request.url, { method: request.method, headers, body: JSON.stringify(body) });
}
