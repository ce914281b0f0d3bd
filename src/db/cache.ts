import Dexie, { type EntityTable, type Table } from 'dexie';

import type { Concept } from '../domain/concept.ts';
import type { Theme } from '../domain/theme.ts';
import type { BucketRow, CachedPoint, KeptPhoto, KeptReview, MetaRow } from './rows.ts';

/** Copy of what the server shows to one user. May be dropped at any time and pulled again. */
export class Cache extends Dexie {
  points!: EntityTable<CachedPoint, 'id'>;
  concepts!: EntityTable<Concept, 'id'>;
  themes!: EntityTable<Theme, 'id'>;
  buckets!: EntityTable<BucketRow, 'id'>;
  /** Ids that a snapshot under way has brought: what it did not bring goes when it is complete. */
  seen!: Table<{ bucket: string; id: string }, [string, string]>;
  meta!: EntityTable<MetaRow, 'key'>;
  /** What a moderator took along to decide without network. */
  reviews!: EntityTable<KeptReview, 'key'>;
  review_photos!: EntityTable<KeptPhoto, 'path'>;
  /** First pictures of known things, small, for where there is no network. */
  thumbs!: EntityTable<KeptPhoto, 'path'>;

  constructor(name: string) {
    super(name, { chromeTransactionDurability: 'relaxed' });
    this.version(1).stores({
      points: 'id, *held, [theme+lat]',
      concepts: 'id, scheme',
      themes: 'id',
      buckets: 'id',
      seen: '[bucket+id], bucket',
      meta: 'key',
    });
    this.version(2).stores({ reviews: 'key', review_photos: 'path' });
    this.version(3).stores({ thumbs: 'path' });
  }
}

/** Opens the copy of a user, or the one of everybody. */
export function openCache(userId: string, prefix = 'cache-'): Cache {
  return new Cache(prefix + userId);
}

/** Name under which nobody in particular reads. */
export const PUBLIC_CACHE = 'public';

/** Deletes the copy of a user, when they sign out. What is precious stays. */
export async function deleteCache(cache: Cache): Promise<void> {
  cache.close();
  await cache.delete();
}

/** Deletes the copies of everybody else: a sign-out that was cut short must not leave one behind. */
export async function deleteOtherCaches(kept: Cache, prefix = 'cache-'): Promise<void> {
  const names = await Dexie.getDatabaseNames();
  const others = names.filter((name) => name.startsWith(prefix) && name !== kept.name);
  for (const name of others) if (name !== prefix + PUBLIC_CACHE) await Dexie.delete(name);
}
