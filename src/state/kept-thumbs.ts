import { areasOf } from '../db/areas.ts';
import type { Cache } from '../db/cache.ts';
import { lastPosition } from '../db/meta.ts';
import { pointsAround, pointsWithin } from '../db/points.ts';
import type { Precious } from '../db/precious.ts';
import { distanceMeters, type Position } from '../domain/geo/distance.ts';
import { LIMITS } from '../domain/limits.ts';
import type { Bounds } from '../domain/local-search.ts';
import { firstThumb, type Point } from '../domain/point.ts';
import { live } from './live.svelte.ts';
import { urlOf } from './photo-rows.ts';

export interface ThumbDeps {
  readonly precious: Precious;
  /** The person's copy. Read reactively. */
  readonly cache: () => Cache;
  /** Read reactively. */
  readonly userId: () => string | null;
  /** Bytes of a published photo, from the server; null when they cannot be had now. */
  readonly fetch: (path: string, signal: AbortSignal) => Promise<ArrayBuffer | null>;
  /** Bytes left on the device; null where it does not tell. */
  readonly freeBytes: () => Promise<number | null>;
}

/**
 * Keeps the first pictures of what is around and of what was taken along, so that "is it this one?" shows one where
 * there is no network. Follows the sync; in the copy, which may be dropped. Call it where effects live: in a component
 * or an effect root.
 */
export function followThumbs(deps: ThumbDeps): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: AbortController | undefined;
  const run = (user: string, store: Cache) => {
    running?.abort();
    running = new AbortController();
    // A comfort: whatever stops it, it begins again after the next round.
    void keepThumbs({ ...deps, cache: () => store }, user, running.signal).catch(() => undefined);
  };
  // Each round of the sync writes there how far it has come; a sector and a place to stand, their rows.
  live(async () => {
    const [user, store] = [deps.userId(), deps.cache()];
    if (user === null) return;
    await Promise.all([store.buckets.toArray(), areasOf(deps.precious, user), lastPosition(deps.precious)]);
    clearTimeout(timer);
    timer = setTimeout(() => run(user, store), LIMITS.thumbsAfterMs);
  }, undefined);
}

/** The pictures that are wanted, most wanted first: what is nearest, then the sectors taken along. */
export async function thumbsWanted(
  store: Cache,
  here: Position | null,
  areas: readonly { readonly bounds: Bounds }[],
): Promise<string[]> {
  const themes = await store.themes.toCollection().primaryKeys();
  const near = here
    ? await Promise.all(themes.map((theme) => pointsAround(store, theme, here, LIMITS.thumbsAroundMeters)))
    : [];
  const from = (point: Point) => (here ? distanceMeters(here, point.geom) : 0);
  const around = picturesOf(near.flat().toSorted((a, b) => from(a) - from(b))).slice(0, LIMITS.thumbsAround);
  const wanted = new Set(around);
  for (const { bounds } of areas) {
    for (const theme of themes) {
      for (const path of picturesOf(await pointsWithin(store, theme, bounds))) {
        if (wanted.size >= LIMITS.thumbsKept) return [...wanted];
        wanted.add(path);
      }
    }
  }
  return [...wanted];
}

const picturesOf = (points: readonly Point[]) => points.map(firstThumb).filter((path) => path !== null);

/** Brings the pictures that are wanted and not here, one by one, and lets go of the others. */
export async function keepThumbs(deps: ThumbDeps, userId: string, signal: AbortSignal): Promise<void> {
  const store = deps.cache();
  const [here, areas] = await Promise.all([lastPosition(deps.precious), areasOf(deps.precious, userId)]);
  const wanted = await thumbsWanted(store, here, areas);
  const kept = new Set(await store.thumbs.toCollection().primaryKeys());
  const isWanted = new Set(wanted);
  await store.thumbs.bulkDelete([...kept].filter((path) => !isWanted.has(path)));
  const missing = wanted.filter((path) => !kept.has(path));
  // What people capture comes first.
  if (missing.length === 0 || ((await deps.freeBytes()) ?? Infinity) < LIMITS.roomLeftBytes) return;
  for (const path of missing) {
    const bytes = signal.aborted ? null : await deps.fetch(path, signal);
    // No network, or somebody else is here: the next round goes on.
    if (!bytes) return;
    await store.thumbs.put({ path, bytes });
  }
}

/** The first picture of a point as this device keeps it, as an address to release; null when it does not. */
export async function keptThumb(store: Cache, point: Pick<Point, 'photos'>): Promise<string | null> {
  const path = firstThumb(point);
  const kept = path === null ? undefined : await store.thumbs.get(path);
  return urlOf(kept?.bytes ?? null);
}
