import type { Api } from '../api/client.ts';
import type { Cache } from '../db/cache.ts';
import type { Precious } from '../db/precious.ts';
import { prepareInWorker } from '../device/image.ts';
import { randomBytes } from '../device/random.ts';
import { TILE_SHELF } from '../device/tile-shelf.ts';
import { type Draft, makeMutation } from '../domain/commands/make.ts';
import { ProblemError } from '../domain/problems.ts';
import { BASEMAP } from '../map/basemap.ts';
import type { AppState } from '../state/app-state.ts';
import { AreasState } from '../state/areas.svelte.ts';
import type { Catalogue } from '../state/catalogue.svelte.ts';
import { DraftsState } from '../state/drafts.svelte.ts';
import type { LocationState } from '../state/location.svelte.ts';
import { Moderation } from '../state/moderation.svelte.ts';
import { NearbyState } from '../state/nearby.svelte.ts';
import { OutboxState } from '../state/outbox.svelte.ts';
import { Review } from '../state/review.svelte.ts';
import { SeriesState } from '../state/series.ts';
import type { Session } from '../state/session.svelte.ts';
import { enqueueMutation } from '../sync/enqueue.ts';
import { shownPoint } from '../sync/overlay.ts';
import type { Engine } from './engine.svelte.ts';

/** What contributors and moderators need and readers do without: loaded when first wanted. */
export interface Work extends Pick<
  AppState,
  'drafts' | 'series' | 'outbox' | 'nearby' | 'areas' | 'moderation' | 'review'
> {
  readonly shownPoint: typeof shownPoint;
  /** Saves something that the signed-in person did. Throws `auth_required` when nobody is. */
  enqueue(draft: Draft): Promise<void>;
}

interface Shared {
  readonly api: Api;
  readonly precious: Precious;
  readonly publicCache: Cache;
  readonly engine: Engine;
  readonly place: LocationState;
  readonly session: Session;
  readonly catalogue: Catalogue;
  readonly now: () => Date;
}

/** Builds them, once, for as long as the app lives. */
export function buildWork(shared: Shared): Work {
  const { api, precious, publicCache, engine, place, session, catalogue, now } = shared;
  const cache = () => engine.cache;
  const userId = () => engine.userId;
  const wake = () => engine.wake();
  const common = { precious, cache, userId, now, random: randomBytes };
  const enqueue = async (draft: Draft) => {
    const by = engine.userId;
    if (by === null) throw new ProblemError('auth_required');
    const mutation = makeMutation(draft, now(), randomBytes);
    await enqueueMutation(precious, mutation, { userId: by, now: now() });
  };
  let built!: Work;
  // They follow the database outside of any component.
  $effect.root(() => {
    built = {
      shownPoint,
      enqueue,
      drafts: new DraftsState({
        ...common,
        location: place,
        theme: async (id) => (await engine.cache.themes.get(id)) ?? publicCache.themes.get(id),
        prepare: prepareInWorker,
        photoLicence: () => session.me?.charter.photo_licence ?? 'CC-BY-SA-4.0',
      }),
      series: new SeriesState(common),
      outbox: new OutboxState({ ...common, instance: () => catalogue.instance?.id ?? null }),
      nearby: new NearbyState({
        ...common,
        location: place,
        themes: () => catalogue.themes,
        thesaurus: () => catalogue.thesaurus,
      }),
      areas: new AreasState({
        api,
        precious,
        userId,
        now,
        wake,
        newId: () => crypto.randomUUID(),
        shelf: TILE_SHELF,
        basemap: BASEMAP.mayBeKept ? BASEMAP : null,
      }),
      moderation: new Moderation({ ...common, api, wake }),
      review: new Review({ api, cache, wake }),
    };
  });
  // What a closed app left half-way goes on by itself.
  void built.areas.resumeAll().catch(() => undefined);
  return built;
}
