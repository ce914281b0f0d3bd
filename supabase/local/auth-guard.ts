import { readAuthBody, refuseAuth, withAuthBody } from './auth-body.ts';
import type { Handle } from './auth-shim.ts';
import type { SqlRunner } from './database.ts';
import { bufferBody } from './request-body.ts';

/** Largest body of a call about accounts: an address, a password, a code. */
const maximumBytes = 16 * 1024;

/**
 * Stands before lite's accounts: refuses what it would fail on or grant too easily, and ends the
 * other sessions of an account whose password changes, as Supabase does.
 */
export function withAuthGuard(handle: Handle, database: SqlRunner): Handle {
  return async (request) => {
    const { pathname } = new URL(request.url);
    if (!pathname.startsWith('/auth/v1/')) return handle(request);
    // lite decodes the path after we have compared it; none of these addresses needs an escape.
    if (pathname.includes('%')) return notFound();
    // Mails give codes to type, no link: an address that takes the hash of a code is there to guess it.
    if (pathname === '/auth/v1/verify' && request.method !== 'POST') return notFound();
    if (request.method !== 'POST' && request.method !== 'PUT') return handle(request);

    const buffered = await bufferBody(request, maximumBytes);
    if (buffered instanceof Response) return buffered;
    const body = await readAuthBody(buffered);
    if (body === undefined || (pathname === '/auth/v1/verify' && body['token_hash'] !== undefined))
      return refuseAuth(400, 'validation_failed', 'La demande est mal formée.');
    const call = withAuthBody(buffered, body);
    if (pathname !== '/auth/v1/user') return handle(call);

    // lite would give the account an address that nobody has proven: the present mailbox alone confirms it.
    if (body['email'] !== undefined)
      return refuseAuth(422, 'email_provider_disabled', 'L’adresse d’un compte ne se change pas ici.');
    const response = await handle(call);
    if (response.ok && body['password'] !== undefined) await endOtherSessions(request, response, database);
    return response;
  };
}

/** Whoever knew the old password is out; the session that changed it goes on. */
async function endOtherSessions(request: Request, response: Response, database: SqlRunner): Promise<void> {
  const user = (await response.clone().json()) as { id: string };
  await database.query('delete from auth.sessions where user_id = $1 and id is distinct from $2::uuid', [
    user.id,
    sessionOf(request),
  ]);
}

/** The session that a token names; lite has verified the token already. */
function sessionOf(request: Request): string | null {
  const payload = request.headers.get('authorization')?.split('.')[1] ?? '';
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as { session_id?: string };
  return claims.session_id ?? null;
}

function notFound(): Response {
  return refuseAuth(404, 'not_found', 'Cette adresse ne mène nulle part.');
}
