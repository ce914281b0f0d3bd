/** The only answers of `/token` after which a session is really over. */
const TERMINAL = [
  'refresh_token_not_found',
  'refresh_token_already_used',
  'session_not_found',
  'session_expired',
  'user_banned',
  'user_not_found',
];

interface GuardOptions {
  readonly publishableKey: string;
  /** Whether someone is signed in on this device, session or not. */
  readonly hasUser: () => boolean;
}

/**
 * Fetch for supabase-js that does not let it lose a session nor pass as nobody:
 * a refresh that failed for any reason but a terminal one (captive portal, 408, 429, 5xx) looks
 * like a lost network, so that the stored session stays; a data request about to leave with the
 * anonymous key while a user is known does not leave.
 */
export function guardFetch(fetcher: typeof fetch, options: GuardOptions): typeof fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.pathname.endsWith('/auth/v1/token') && isRefresh(url)) {
      return checkedRefresh(await fetcher(input, init));
    }
    if (!url.pathname.includes('/auth/v1/') && options.hasUser()) {
      const bearer = new Headers(init?.headers).get('authorization');
      if (!bearer || bearer === `Bearer ${options.publishableKey}`) {
        throw new TypeError('Request withheld: no session for the signed-in user');
      }
    }
    return fetcher(input, init);
  };
}

function isRefresh(url: URL): boolean {
  return url.searchParams.get('grant_type') === 'refresh_token';
}

async function checkedRefresh(response: Response): Promise<Response> {
  const body = (await response
    .clone()
    .json()
    .catch(() => null)) as Record<string, unknown> | null;
  if (response.ok && typeof body?.['access_token'] === 'string') return response;
  const code = body?.['error_code'] ?? body?.['code'];
  if (!response.ok && TERMINAL.includes(String(code))) return response;
  throw new TypeError(`Session refresh failed: HTTP ${response.status}`);
}
