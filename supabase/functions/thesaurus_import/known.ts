import { failure } from '../_shared/answers.ts';
import { callAsAnybody, callAsCaller } from '../_shared/api.ts';
import type { FunctionEnv } from '../_shared/env.ts';
import type { Known } from '../_shared/skos/identify.ts';
import type { Labels } from '../_shared/skos/vocabulary.ts';

interface Desk {
  readonly origins: Readonly<Record<string, { readonly uri?: unknown }>>;
}

interface Thesaurus {
  readonly concepts: readonly { readonly id: string; readonly scheme: string; readonly labels: Labels }[];
}

/** What a refusal of the desk may say. */
const TOLD = ['auth_required', 'not_allowed', 'unknown_scheme', 'invalid_argument'];

/**
 * What is known here of a vocabulary, read with the caller's rights: whoever has no role on it (`thesaurus_desk`) is refused
 * as the database refuses them.
 */
export async function readKnown(
  request: Request,
  env: FunctionEnv,
  scheme: string,
): Promise<Known | Response> {
  const asked = await callAsCaller(env, request, '/rest/v1/rpc/thesaurus_desk', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ p: { scheme } }),
  });
  if (!asked.ok) {
    const { message } = (await asked.json().catch(() => ({}))) as { message?: unknown };
    const code = TOLD.find((one) => one === message);
    if (code) return failure(asked.status, code);
    return asked.status === 401 ? failure(401, 'auth_required') : failure(503, 'busy');
  }
  const { origins } = (await asked.json()) as Desk;
  const all = await callAsAnybody(env, '/rest/v1/rpc/thesaurus');
  if (!all.ok) return failure(503, 'busy');
  const { concepts } = (await all.json()) as Thesaurus;
  const uriOf = (id: string) => {
    const uri = origins[id]?.uri;
    return typeof uri === 'string' ? uri : null;
  };
  const here = concepts.filter((one) => one.scheme === scheme);
  return {
    here: new Map(here.map(({ id, labels }) => [id, { labels, uri: uriOf(id) }])),
    elsewhere: new Set(concepts.filter((one) => one.scheme !== scheme).map(({ id }) => id)),
  };
}
