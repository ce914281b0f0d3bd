import { callAsAnybody } from '../_shared/api.ts';
import type { FunctionEnv } from '../_shared/env.ts';
import type { Concept, Scheme, Version, Vocabulary } from '../_shared/skos/vocabulary.ts';

/** What a version changed of one concept (see `private.vocabulary_changes`). */
export interface Change {
  readonly id: string;
  readonly kind: 'added' | 'removed' | 'deprecated' | 'restored' | 'changed';
  readonly labels: Readonly<Record<string, string>>;
  readonly was?: Readonly<Record<string, string>>;
  readonly replaced_by?: string;
  readonly fields?: readonly string[];
}

/** A published version, in words and by what it changed. */
export interface Release extends Version {
  readonly notes: string;
  readonly changes: readonly Change[];
}

/** `missing`: there is no such thing. `busy`: the database does not answer now. */
export type Failing = 'missing' | 'busy';

/** The concepts of a scheme, or one with those around it. */
export async function readNow(
  env: FunctionEnv,
  p: { readonly scheme: string } | { readonly concept: string },
): Promise<Vocabulary | Failing> {
  const answer = await call<{ schemes: Scheme[]; concepts: Concept[] }>(env, 'thesaurus', p);
  if (typeof answer === 'string') return answer;
  const [scheme] = answer.schemes;
  return scheme ? { scheme, concepts: answer.concepts } : 'missing';
}

/** A version of a scheme, as it was published. */
export async function readVersion(
  env: FunctionEnv,
  scheme: string,
  number: number,
): Promise<(Vocabulary & { readonly release: Release }) | Failing> {
  const answer = await call<Release & { scheme: Scheme; concepts: Concept[] }>(env, 'thesaurus_releases', {
    scheme,
    number,
  });
  if (typeof answer === 'string') return answer;
  return { scheme: answer.scheme, version: answer, concepts: answer.concepts, release: answer };
}

/** The versions of a scheme, the latest first. */
export async function readReleases(env: FunctionEnv, scheme: string): Promise<readonly Release[] | Failing> {
  const answer = await call<{ releases: Release[] }>(env, 'thesaurus_releases', { scheme });
  return typeof answer === 'string' ? answer : answer.releases;
}

async function call<Answer>(env: FunctionEnv, name: string, p: object): Promise<Answer | Failing> {
  const query = new URLSearchParams({ p: JSON.stringify(p) });
  const response = await callAsAnybody(env, `/rest/v1/rpc/${name}?${query}`);
  if (response.ok) return (await response.json()) as Answer;
  return response.status === 404 || response.status === 400 ? 'missing' : 'busy';
}
