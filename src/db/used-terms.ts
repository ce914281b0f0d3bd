import { noteUse, type UsedTerm } from '../domain/thesaurus/used.ts';
import type { Cache } from './cache.ts';

const KEY = 'used_terms';

/** Terms that the person of this copy gave to their points. */
export async function usedTerms(cache: Cache): Promise<readonly UsedTerm[]> {
  const value = (await cache.meta.get(KEY))?.value;
  return Array.isArray(value) ? (value as UsedTerm[]) : [];
}

/** Remembers one more use of a term. */
export async function noteTermUse(cache: Cache, concept: string, now: Date): Promise<void> {
  await cache.transaction('rw', cache.meta, async () => {
    await cache.meta.put({ key: KEY, value: noteUse(await usedTerms(cache), concept, now) });
  });
}
