import type { SupabaseClient } from '@supabase/supabase-js';
import type * as z from 'zod/mini';

import { jsonText } from '../domain/json.ts';
import { ProblemError } from '../domain/problems.ts';
import { guardFetch } from './auth-guard.ts';
import { type CallOptions, bounded, limitOf, requestJson } from './request.ts';

/** Where sessions are kept: localStorage in a browser, a map in tests. */
interface SessionStorage {
  getItem(key: string): string | null | Promise<string | null>;
  setItem(key: string, value: string): void | Promise<void>;
  removeItem(key: string): void | Promise<void>;
}

export interface ApiConfig {
  /** Origin of the backend, without a trailing slash. */
  readonly url: string;
  readonly publishableKey: string;
  /** Whether someone is signed in on this device, from what is stored locally. */
  readonly hasUser: () => boolean;
  readonly fetch?: typeof fetch;
  readonly storage?: SessionStorage;
}

export interface Api {
  readonly url: string;
  /** The library, loaded on first need: reading the public map does without. */
  supabase(): Promise<SupabaseClient>;
  /** Public read, the same for everybody: no account, cacheable. `params` as the URL has them. */
  read<T>(name: string, params: QueryParams, schema: z.ZodMiniType<T>, options?: CallOptions): Promise<T>;
  /** RPC in the name of the signed-in user; `p` is JSON text or a value. Never anonymous. */
  call<T>(name: string, p: unknown, schema: z.ZodMiniType<T>, options?: CallOptions): Promise<T>;
  /** Function in the name of the signed-in user. */
  invoke<T>(name: string, body: unknown, schema: z.ZodMiniType<T>, options?: CallOptions): Promise<T>;
}

type QueryParams = Record<string, string | number | null | undefined>;

/** JSON already serialised, to be sent byte for byte. */
export class RawJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Fixed, so that a session outlives versions of the app. */
const SESSION_KEY = 'capitelle-auth';

/** Makes the one door to the backend. */
export function createApi(config: ApiConfig): Api {
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

  const post = async <T>(path: string, body: string, schema: z.ZodMiniType<T>, options: CallOptions) => {
    const signal = limitOf(options);
    const token = await bounded(accessToken(await bounded(supabase(), signal), options.asUser), signal);
    const headers = {
      apikey: config.publishableKey,
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
    };
    const init = { method: 'POST', headers, body, signal };
    return requestJson(fetcher, config.url + path, init, schema);
  };

  return {
    url: config.url,
    supabase,
    read: (name, params, schema, options = {}) => {
      const init = { headers: { apikey: config.publishableKey }, signal: limitOf(options) };
      return requestJson(fetcher, `${config.url}/rest/v1/rpc/${name}${query(params)}`, init, schema);
    },
    call: (name, p, schema, options = {}) =>
      post(`/rest/v1/rpc/${name}`, `{"p":${serialize(p)}}`, schema, options),
    invoke: (name, body, schema, options = {}) =>
      post(`/functions/v1/${name}`, serialize(body), schema, options),
  };
}

function serialize(value: unknown): string {
  return value instanceof RawJson ? value.text : jsonText(value);
}

function query(params: QueryParams): string {
  const entries = Object.entries(params).flatMap(([key, value]) =>
    value === null || value === undefined ? [] : [[key, String(value)]],
  );
  return entries.length ? `?${new URLSearchParams(entries).toString()}` : '';
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
