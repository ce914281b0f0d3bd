import * as z from 'zod/mini';

import type { Api } from './client.ts';
import type { CallOptions } from './request.ts';

/** How often somebody is written to. */
export const DIGESTS = ['never', 'each', 'daily', 'weekly'] as const;
export type Digest = (typeof DIGESTS)[number];

const followSchema = z.object({
  kind: z.enum(['point', 'commune', 'theme']),
  target: z.string(),
  /** Name of the commune, or given to the point; absent when it has none or is no longer to be seen. */
  title: z.optional(z.nullable(z.string())),
  theme: z.optional(z.nullable(z.string())),
  concept: z.optional(z.nullable(z.string())),
});
export type Follow = z.infer<typeof followSchema>;

const preferencesSchema = z.object({ digest: z.enum(DIGESTS), follows: z.array(followSchema) });
/** What somebody wants to be told, and how often. */
export type ToldPreferences = z.infer<typeof preferencesSchema>;

/** Reads the caller's preferences. */
export function fetchPreferences(api: Api, options?: CallOptions): Promise<ToldPreferences> {
  return api.call('preferences_set', {}, preferencesSchema, options);
}

/** Chooses how often to be written to. */
export function setDigest(api: Api, digest: Digest): Promise<ToldPreferences> {
  return api.call('preferences_set', { digest }, preferencesSchema);
}

/** Says in which language the caller uses the app: mails are written in it. */
export function setLanguage(api: Api, lang: 'fr' | 'en', options?: CallOptions): Promise<ToldPreferences> {
  return api.call('preferences_set', { lang }, preferencesSchema, options);
}

/** Follows something, or stops. Throws `unknown_target`, `rate_limited` (200 at most). */
export function setFollow(
  api: Api,
  { kind, target }: Pick<Follow, 'kind' | 'target'>,
  on: boolean,
): Promise<ToldPreferences> {
  return api.call('follow', { kind, target, ...(on ? {} : { on }) }, preferencesSchema);
}
