import type { Api } from '../api/client.ts';
import { fetchPhotoBytes } from '../api/photo-bytes.ts';
import type { Cache } from '../db/cache.ts';
import { photosToFinish } from '../db/photos.ts';
import type { Precious } from '../db/precious.ts';
import { randomBytes } from '../device/random.ts';
import { readFreeBytes } from '../device/storage.ts';
import { TILE_SHELF } from '../device/tile-shelf.ts';
import { type Draft, makeMutation } from '../domain/commands/make.ts';
import { ProblemError } from '../domain/problems.ts';
import { BASEMAP } from '../map/basemap.ts';
import type { AppState } from '../state/app-state.ts';
import { AreasState } from '../state/areas.svelte.ts';
import type { Catalogue } from '../state/catalogue.svelte.ts';
import { Desk } from '../state/desk/desk.svelte.ts';
import { DraftsState } from '../state/drafts.svelte.ts';
import { followThumbs } from '../state/kept-thumbs.ts';
import { live } from '../state/live.svelte.ts';
import type { LocationState } from '../state/location.svelte.ts';
import { NearbyState } from '../state/nearby.svelte.ts';
import { OutboxState } from '../state/outbox.svelte.ts';
import { photoKeeperInWorker } from '../state/photo-keeper-in-worker.ts';
import { photoFinisher } from '../state/photo-finisher.ts';
import type { InterfaceLanguage, PreferenceStore } from '../state/preferences.svelte.ts';
import { SeriesState } from '../state/series.ts';
import type { Session } from '../state/session.svelte.ts';
import { tellLanguage } from '../state/told-language.ts';
import { enqueueMutation } from '../sync/enqueue.ts';
import { undoMutation } from '../sync/outbox-actions.ts';
import { shownPoint } from '../sync/overlay.ts';
import type { Engine } from './engine.svelte.ts';
import { buildPeople } from './people.ts';

/** What contributors and moderators need and readers do without: loaded when first wanted. */
export interface Work extends Pick<
  AppState,
  'drafts' | 'series' | 'outbox' | 'nearby' | 'areas' | 'desk' | 'people'
> {
  readonly shownPoint: typeof shownPoint;
  /**
   * Saves something that the signed-in person did; `isHeld`: to leave in a moment. Returns the way back, which answers
   * whether it was in time. Throws `auth_required` when nobody is signed in.
   */
  enqueue(draft: Draft, isHeld?: boolean): Promise<() => Promise<boolean>>;
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
  readonly language: () => InterfaceLanguage;
  /** Where preferences live; null where the browser forbids it. */
  readonly store: PreferenceStore | null;
}

/** Builds them, once, for as long as the app lives. */
export function buildWork(shared: Shared): Work {
  const { api, precious, publicCache, engine, place, session, catalogue, now, language, store } = shared;
  const cache = () => engine.cache;
  const userId = () => engine.userId;
  const wake = () => engine.wake();
  const common = { precious, cache, userId, now, random: randomBytes };
  const enqueue = async (draft: Draft, isHeld = false) => {
    const by = engine.userId;
    if (by === null) throw new ProblemError('auth_required');
    const mutation = makeMutation(draft, now(), randomBytes);
    const id = await enqueueMutation(precious, mutation, { userId: by, now: now(), isHeld });
    return async () => (await undoMutation(precious, id)) !== null;
  };
  let built!: Work;
  const fetchPhoto = (path: string, signal: AbortSignal) =>
    fetchPhotoBytes(path.startsWith('/') ? api.url + path : path, signal);
  const keeper = photoKeeperInWorker(precious);
  // They follow the database outside of any component.
  $effect.root(() => {
    followThumbs({ precious, cache, userId, fetch: fetchPhoto, freeBytes: readFreeBytes });
    const raw = live(() => photosToFinish(precious, userId() ?? ''), []);
    const finish = photoFinisher({ precious, keeper, wake });
    $effect(() => finish(raw.current));
    $effect(() => {
      const who = userId();
      if (who !== null) void tellLanguage({ api, precious }, who, language()).catch(() => undefined);
    });
    built = {
      shownPoint,
      enqueue,
      people: buildPeople({ ...shared, cache, userId, enqueue }),
      drafts: new DraftsState({
        ...common,
        location: place,
        theme: async (id) => (await engine.cache.themes.get(id)) ?? publicCache.themes.get(id),
        keeper,
        knowsTerm: catalogue.knowsTerm,
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
        cache,
        userId,
        now,
        wake,
        newId: () => crypto.randomUUID(),
        shelf: TILE_SHELF,
        basemap: BASEMAP.mayBeKept ? BASEMAP : null,
      }),
      desk: new Desk({ ...common, api, wake }, store),
    };
  });
  // What a closed app left half-way goes on by itself.
  void built.areas.resumeAll().catch(() => undefined);
  return built;
}
