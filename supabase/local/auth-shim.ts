import { randomUUID } from 'node:crypto';
import { readAuthBody, withAuthBody } from './auth-body.ts';

/** Answers a request of the API. */
export type Handle = (request: Request) => Promise<Response>;

/**
 * Makes lite's accounts behave as Supabase's where the app relies on it: `verify` takes the type
 * `email` and any code of a sign-up, `resend` sends a new code, and a second sign-up of the same
 * address sends a code too instead of telling that the address is known. These codes are those of a
 * sign-in by code: the database then drops the password that was set before the address was proven
 * (`private.discard_unproven_password`).
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

/** The types under which Supabase takes any code that leads into the account. */
const entering = ['email', 'signup'];

async function verify(request: Request, handle: Handle): Promise<Response> {
  const body = await read(request);
  // lite's `magiclink` looks for the code of a sign-in then of a sign-up.
  if (entering.includes(String(body['type']))) body['type'] = 'magiclink';
  return handle(withAuthBody(request, body));
}

async function resend(request: Request, handle: Handle): Promise<Response> {
  const body = await read(request);
  if (body['type'] !== 'signup') return handle(withAuthBody(request, body));
  return sendCode(request, handle, body['email']);
}

async function signUp(request: Request, handle: Handle): Promise<Response> {
  const body = await read(request);
  const response = await handle(withAuthBody(request, body));
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
  return handle(withAuthBody(request, { email, create_user: false }, '/auth/v1/otp'));
}

async function read(request: Request): Promise<Record<string, unknown>> {
  return (await readAuthBody(request)) ?? {};
}
