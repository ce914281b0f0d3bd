import * as z from 'zod/mini';

import { labelsSchema } from '../domain/language.ts';
import type { Api } from './client.ts';

const changeSchema = z.object({
  id: z.string(),
  kind: z.enum(['added', 'removed', 'deprecated', 'restored', 'changed']),
  labels: labelsSchema,
});
/** What a version changed of one term, or will. */
export type TermChange = z.infer<typeof changeSchema>;

const releaseSchema = z.object({ number: z.number(), released_at: z.string(), notes: z.string() });
/** A published version of a vocabulary. */
export type Release = z.infer<typeof releaseSchema>;

const releasesSchema = z.object({ releases: z.array(releaseSchema), pending: z.array(changeSchema) });
/** The versions of a vocabulary, the latest first, and what has changed since. */
export type Releases = z.infer<typeof releasesSchema>;

/** Versions of a vocabulary, as they are now: never those of a cache. Throws `unknown_scheme`. */
export function fetchReleases(api: Api, scheme: string): Promise<Releases> {
  return api.call('thesaurus_releases', { scheme }, releasesSchema);
}

const numberSchema = z.object({ number: z.number() });

/**
 * Publishes the next version; `after` is the number of the last that was seen, 0 before the first. Answers its number.
 * Throws `not_allowed`, `beyond_scope`, `release_moved`, `nothing_to_release`.
 */
export async function publishRelease(
  api: Api,
  release: { readonly scheme: string; readonly after: number; readonly notes: string },
): Promise<number> {
  return (await api.call('thesaurus_release', release, numberSchema)).number;
}
