import type * as z from 'zod/mini';

import { jsonText } from '../domain/json.ts';
import { ProblemError } from '../domain/problems.ts';
import { type Answer, bounded, type CallOptions, exchangeJson, limitOf, readAnswer } from './request.ts';

/**
 * The signed-in user's access token, fresh. Rejects with `auth_required`, `offline`, or with
 * `wrong_user` when the session is of somebody else than `asUser`.
 */
export type TokenSource = (asUser: string | undefined, signal: AbortSignal) => Promise<string>;

/** The one door to the backend. Whoever holds the session gives the tokens: it may be another thread. */
export interface Api {
  readonly url: string;
  /** Public read, the same for everybody: no account, cacheable. `params` as the URL has them. */
  read<T>(name: string, params: QueryParams, schema: z.ZodMiniType<T>, options?: CallOptions): Promise<T>;
  /** RPC in nobody's name, whoever is signed in, of which no answer is waited for but that it was taken. */
  tell(name: string, p: unknown, options?: CallOptions): Promise<Answer>;
  /** RPC in the name of the signed-in user; `p` is JSON text or a value. Never anonymous. */
  call<T>(name: string, p: unknown, schema: z.ZodMiniType<T>, options?: CallOptions): Promise<T>;
  /** Function in the name of the signed-in user. */
  invoke<T>(name: string, body: unknown, schema: z.ZodMiniType<T>, options?: CallOptions): Promise<T>;
  /** Posts something else in the name of the signed-in user; what is answered is for the caller to judge. */
  send(path: string, payload: Payload, options?: CallOptions): Promise<Answer>;
}

type QueryParams = Record<string, string | number | null | undefined>;

/** What a request carries, and how it is to be read. */
interface Payload {
  readonly content: string | ArrayBuffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** JSON already serialised, to be sent byte for byte. */
export class RawJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

interface DoorConfig {
  /** Origin of the backend, without a trailing slash. */
  readonly url: string;
  readonly publishableKey: string;
  readonly token: TokenSource;
  readonly fetch?: typeof fetch | undefined;
}

/** Makes the one door to the backend. */
export function openDoor({ url, publishableKey, token, fetch: given }: DoorConfig): Api {
  const fetcher = given ?? ((...args: Parameters<typeof fetch>) => fetch(...args));

  const send: Api['send'] = async (path, { content, headers }, options = {}) => {
    const signal = limitOf(options);
    const bearer = await bounded(token(options.asUser, signal), signal);
    // What would pass as nobody does not leave.
    if (!bearer || bearer === publishableKey) throw new ProblemError('auth_required', 'no session');
    const named = { ...headers, apikey: publishableKey, authorization: `Bearer ${bearer}` };
    return exchangeJson(fetcher, url + path, { method: 'POST', headers: named, body: content, signal });
  };

  const post = async <T>(path: string, text: string, schema: z.ZodMiniType<T>, options?: CallOptions) => {
    const body = { content: text, headers: { 'content-type': 'application/json' } };
    return readAnswer(await send(path, body, options), schema);
  };

  return {
    url,
    send,
    read: async (name, params, schema, options = {}) => {
      const init = { headers: { apikey: publishableKey }, signal: limitOf(options) };
      const address = `${url}/rest/v1/rpc/${name}${query(params)}`;
      return readAnswer(await exchangeJson(fetcher, address, init), schema);
    },
    tell: (name, p, options = {}) => {
      const headers = { apikey: publishableKey, 'content-type': 'application/json' };
      const init = { method: 'POST', headers, body: `{"p":${serialize(p)}}`, signal: limitOf(options) };
      return exchangeJson(fetcher, `${url}/rest/v1/rpc/${name}`, init);
    },
    call: (name, p, schema, options) =>
      post(`/rest/v1/rpc/${name}`, `{"p":${serialize(p)}}`, schema, options),
    invoke: (name, body, schema, options) => post(`/functions/v1/${name}`, serialize(body), schema, options),
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
