import type { SupabaseClient } from '@supabase/supabase-js';

import { ProblemError } from '../domain/problems.ts';
import { guardFetch } from './auth-guard.ts';
import { type Api, openDoor, type TokenSource } from './client.ts';
import { bounded } from './request.ts';

/** Where sessions are kept: localStorage in a browser, a map in tests. */
interface SessionStorage {
  getItem(key: string): string | null | Promise<string | null>;
  setItem(key: string, value: string): void | Promise<void>;
  removeItem(key: string): void | Promise<void>;
}

interface ApiConfig {
  /** Origin of the backend, without a trailing slash. */
  readonly url: string;
  readonly publishableKey: string;
  /** Whether someone is signed in on this device, from what is stored locally. */
  readonly hasUser: () => boolean;
  readonly fetch?: typeof fetch;
  readonly storage?: SessionStorage;
}

/** The door where the session lives: the page. Other threads ask it for tokens. */
export interface SessionApi extends Api {
  /** The library, loaded on first need: reading the public map does without. */
  supabase(): Promise<SupabaseClient>;
  readonly token: TokenSource;
}

/** Fixed, so that a session outlives versions of the app. */
const SESSION_KEY = 'capitelle-auth';

/** Makes the door to the backend of whoever signs in here. */
export function createApi(config: ApiConfig): SessionApi {
  const { url, publishableKey } = config;
  const fetcher = config.fetch ?? ((...args: Parameters<typeof fetch>) => fetch(...args));
  let client: Promise<SupabaseClient> | null = null;

  const supabase = () => {
    client ??= createClient(config, fetcher).catch((cause: unknown) => {
      // A chunk that did not load (offline, first visit) may load later.
      client = null;
      throw new ProblemError('offline', String(cause));
    });
    return client;
  };

  const token: TokenSource = async (asUser, signal) => accessToken(await bounded(supabase(), signal), asUser);

  return { ...openDoor({ url, publishableKey, token, fetch: fetcher }), supabase, token };
}

async function createClient(config: ApiConfig, fetcher: typeof fetch): Promise<SupabaseClient> {
  const library = await import('@supabase/supabase-js');
  const { publishableKey, hasUser, storage } = config;
  return library.createClient(config.url, publishableKey, {
    auth: {
      // Tokens in the fragment would collide with the routes, which live there.
      flowType: 'pkce',
      persistSession: true,
      autoRefreshToken: true,
      storageKey: SESSION_KEY,
      ...(storage ? { storage } : {}),
    },
    global: { fetch: guardFetch(fetcher, { publishableKey, hasUser }) },
  });
}

/** The signed-in user's token, refreshed when needed. Throws `auth_required`, `wrong_user` or `offline`. */
async function accessToken(client: SupabaseClient, asUser?: string): Promise<string> {
  const { data, error } = await client.auth.getSession();
  if (data.session && asUser !== undefined && data.session.user.id !== asUser) {
    throw new ProblemError('wrong_user', 'the session is of another user');
  }
  if (data.session) return data.session.access_token;
  if (error && !error.status) throw new ProblemError('offline', error.message);
  throw new ProblemError('auth_required', error?.message);
}
