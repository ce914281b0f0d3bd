import * as z from 'zod/mini';

import { createApi } from '../api/session.ts';
import { openCache, PUBLIC_CACHE } from '../db/cache.ts';
import { allPoints, forgetKept, keepPoint } from '../db/points.ts';
import type { LastUser } from '../db/meta.ts';
import { openPrecious } from '../db/precious.ts';
import type { AppState } from '../state/app-state.ts';
import { Browse } from '../state/browse.svelte.ts';
import { Catalogue } from '../state/catalogue.svelte.ts';
import { DEVICE, LocationState } from '../state/location.svelte.ts';
import { Outlines } from '../state/outlines.svelte.ts';
import { Preferences } from '../state/preferences.svelte.ts';
import { Session } from '../state/session.svelte.ts';
import { PointSheet } from '../state/sheet.svelte.ts';
import { SyncStatus } from '../state/sync-status.svelte.ts';
import { Toasts } from '../state/toasts.svelte.ts';
import { readConfig } from './config.ts';
import { Engine } from './engine.svelte.ts';
import { watchAndRemember } from './remember-position.ts';
import type { Work } from './work.svelte.ts';

// The content security policy forbids compiling code, with which zod would speed itself up.
z.config({ jitless: true });

export interface Booted {
  readonly state: AppState;
  /** Resolves once the device has said who uses it: screens wait for that, and for nothing else. */
  readonly ready: Promise<void>;
  /** Loads the states of contributors and moderators: their screens wait for it. */
  readonly loadWork: () => Promise<void>;
}

/** Builds everything, once. Call it while a component starts: states follow the database. */
export function boot(): Booted {
  const config = readConfig(import.meta.env, location.origin);
  const precious = openPrecious();
  const publicCache = openCache(PUBLIC_CACHE);
  const now = () => new Date();
  // Assigned below: the door to the server and who goes through it know each other.
  let engine: Engine | null = null;
  const api = createApi({ ...config, hasUser: () => !!engine?.userId });
  const running = (engine = new Engine({ ...config, api, precious, publicCache, now }));

  const store = storage();
  const preferences = new Preferences(store, navigator.languages);
  const place = new LocationState({ ...DEVICE, watch: watchAndRemember(precious, () => running.wake()) });
  let work: Work | null = null;
  const loadWork = async () => {
    // Who captures names things, also on a slow network: terms are searched from the first letter.
    const [{ buildWork }] = await Promise.all([import('./work.svelte.ts'), catalogue.loadSearch()]);
    work ??= buildWork({
      api,
      precious,
      publicCache,
      engine: running,
      place,
      session,
      catalogue,
      now,
      language: () => preferences.language,
      store,
    });
  };
  const worked = (): Work => {
    if (!work) throw new Error('what contributors need was asked for before it was loaded');
    return work;
  };
  const switchUser = async (user: LastUser | null) => {
    // Whoever is signed in has unsent work to see over everything that is shown.
    if (user) await loadWork();
    await running.switchTo(user?.id ?? null);
  };
  const session: Session = new Session({ api, precious, onUser: switchUser });
  const catalogue: Catalogue = new Catalogue({
    api,
    cache: () => running.cache,
    publicCache,
    language: () => preferences.language,
    now,
  });
  const browse = new Browse({
    api,
    catalogue,
    position: () => place.fix,
    cachedPoints: async () => {
      const own = running.cache;
      const kept = await allPoints(publicCache);
      return own === publicCache ? kept : [...kept, ...(await allPoints(own))];
    },
  });
  const sheet = new PointSheet({
    api,
    now,
    keep: async (point) => {
      await keepPoint(publicCache, point);
      // A contributor may edit or confirm what they opened: their own copy needs it too.
      if (running.cache !== publicCache) await keepPoint(running.cache, point);
    },
    forget: async (id) => {
      await forgetKept(publicCache, id);
      if (running.cache !== publicCache) await forgetKept(running.cache, id);
    },
    ownPoint: async (id) => {
      const { cache, userId } = running;
      if (userId !== null) await loadWork();
      const shown = userId === null ? null : await worked().shownPoint({ precious, cache, userId }, id);
      return shown?.point ?? (await publicCache.points.get(id))?.point;
    },
    enqueue: async (draft) => {
      await loadWork();
      return worked().enqueue(draft, true);
    },
  });
  const sync = new SyncStatus(
    (tell) => running.onReport(tell),
    () => running.wake(),
  );

  // Where nothing can be stored (some private windows) one still reads the public map.
  const ready = session.restore().catch((cause: unknown) => console.error(cause));
  // The server has news of the account, or is out of reach: nothing waits for it.
  void ready.then(() => session.refresh()).catch(() => undefined);
  void ready.then(() => running.dropOthers()).catch(() => undefined);
  // Whatever screen comes first says whether this is a demonstration, and knows the themes.
  void catalogue.refreshThemes().catch(() => undefined);
  const state = {
    session,
    catalogue,
    browse,
    outlines: new Outlines({ api, publicCache }),
    sheet,
    get drafts() {
      return worked().drafts;
    },
    get series() {
      return worked().series;
    },
    get outbox() {
      return worked().outbox;
    },
    get nearby() {
      return worked().nearby;
    },
    get areas() {
      return worked().areas;
    },
    get desk() {
      return worked().desk;
    },
    get people() {
      return worked().people;
    },
    location: place,
    sync,
    preferences,
    toasts: new Toasts(),
    loadWork,
    get ownPlaces() {
      return work?.outbox.ownPlaces ?? [];
    },
    get takenAreas() {
      return work?.areas.list.map((area) => area.bounds) ?? [];
    },
  };
  return { state, ready, loadWork };
}

/** Where preferences live; null where the browser forbids it. */
function storage(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
