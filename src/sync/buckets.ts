import { areasOf } from '../db/areas.ts';
import type { Cache } from '../db/cache.ts';
import { knownMe, lastPosition } from '../db/meta.ts';
import { latestOfOutbox } from '../db/outbox.ts';
import type { Precious } from '../db/precious.ts';
import { isModerator } from '../domain/account.ts';
import { bucketsOver } from '../domain/area.ts';
import type { Position } from '../domain/geo/distance.ts';
import { cellsAround } from '../domain/geo/quadkey.ts';
import { LIMITS } from '../domain/limits.ts';
import type { SyncContext } from './context.ts';

/** Where a person contributes: a place and an inventory. */
interface Place {
  readonly theme: string;
  readonly position: Position;
}

/**
 * Buckets to follow, in the order in which they help: what is mine, the words, what waits for me
 * to decide, the cells of the sectors taken along, then those around the device and around my points,
 * for the themes I contribute to.
 */
export async function wantedBuckets(ctx: SyncContext): Promise<string[]> {
  const { precious, cache, userId } = ctx;
  const moderates = isModerator(await knownMe(precious, userId));
  const places = await contributedPlaces(precious, cache, userId);
  const here = await lastPosition(precious);
  const contributed = [...new Set(places.map((place) => place.theme))];
  // Who begins knows what is around them too: else nothing would be a duplicate.
  const themes = contributed.length > 0 ? contributed : await cache.themes.toCollection().primaryKeys();
  const around: Place[] = here ? themes.map((theme) => ({ theme, position: here })) : [];
  const cells = new Set<string>(await areaCells(ctx));
  for (const { theme, position } of [...around, ...places]) {
    if (cells.size >= LIMITS.cellsFollowed) break;
    for (const cell of cellsAround(position)) cells.add(`c:${theme}:${cell}`);
  }
  return ['u:me', 't', ...(moderates ? ['m:me'] : []), ...cells];
}

/** What somebody chose to take along is followed whole, for every theme. */
async function areaCells({ precious, cache, userId }: SyncContext): Promise<string[]> {
  const areas = await areasOf(precious, userId);
  if (areas.length === 0) return [];
  return bucketsOver(areas, await cache.themes.toCollection().primaryKeys());
}

async function contributedPlaces(precious: Precious, cache: Cache, userId: string): Promise<Place[]> {
  const drafts = await precious.drafts.where('user_id').equals(userId).toArray();
  const outbox = await latestOfOutbox(precious, userId, LIMITS.outboxRows);
  const mine = await cache.points.where('held').equals('u:me').toArray();
  const unsent = outbox.flatMap(({ mutation }): Place[] => {
    if (mutation.kind !== 'create') return [];
    const { lon, lat } = (mutation.patch['geom'] ?? {}) as Partial<Position>;
    if (lon === undefined || lat === undefined) return [];
    return [{ theme: mutation.theme, position: { lon, lat } }];
  });
  const latestFirst = mine.sort((a, b) => (b.point.updated_at ?? '').localeCompare(a.point.updated_at ?? ''));
  return [
    ...drafts.flatMap(({ theme, geom }): Place[] => (geom ? [{ theme, position: geom }] : [])),
    ...unsent,
    ...latestFirst.map(({ theme, lat, lon }) => ({ theme, position: { lat, lon } })),
  ];
}

/** Buckets that the cache follows now, what is mine always among them. */
export async function followedNow(cache: Cache): Promise<Set<string>> {
  return new Set(['u:me', ...(await cache.buckets.toCollection().primaryKeys())]);
}
