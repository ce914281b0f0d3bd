import type { FunctionEnv } from './env.ts';

/** Calls the API as the service; `path` starts with a slash. */
export function callAsService(env: FunctionEnv, path: string, init: RequestInit = {}): Promise<Response> {
  return call(env, path, init, {
    apikey: env.serviceKey,
    // Keys of the older kind are tokens and are read from there.
    ...(env.serviceKey.startsWith('sb_') ? {} : { authorization: `Bearer ${env.serviceKey}` }),
  });
}

/** Calls the API with the rights of the person who sent `request`. */
export function callAsCaller(
  env: FunctionEnv,
  request: Request,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  const authorization = request.headers.get('authorization');
  return call(env, path, init, {
    apikey: env.publishableKey,
    ...(authorization === null ? {} : { authorization }),
  });
}

/** Calls the API with nobody's rights: what is public. */
export function callAsAnybody(env: FunctionEnv, path: string): Promise<Response> {
  return call(env, path, {}, { apikey: env.publishableKey });
}

/** Calls an RPC as the service and returns its answer; rejects when it fails. */
export async function rpcAsService(env: FunctionEnv, name: string, p: unknown): Promise<unknown> {
  const response = await callAsService(env, `/rest/v1/rpc/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ p }),
  });
  if (!response.ok) throw new Error(`${name}: ${response.status} ${await response.text()}`);
  return response.json();
}

function call(
  env: FunctionEnv,
  path: string,
  init: RequestInit,
  headers: Record<string, string>,
): Promise<Response> {
  const request = new Request(`${env.supabaseUrl}${path}`, init);
  for (const [name, value] of Object.entries(headers)) request.headers.set(name, value);
  return env.fetch ? env.fetch(request) : fetch(request);
}
