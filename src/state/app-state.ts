import { createContext } from 'svelte';

import type { AreasState } from './areas.svelte.ts';
import type { Browse } from './browse.svelte.ts';
import type { Bounds } from '../domain/local-search.ts';
import type { Catalogue } from './catalogue.svelte.ts';
import type { Desk } from './desk/desk.svelte.ts';
import type { DraftsState } from './drafts.svelte.ts';
import type { LocationState } from './location.svelte.ts';
import type { NearbyState } from './nearby.svelte.ts';
import type { OutboxState } from './outbox.svelte.ts';
import type { OwnPlace } from './own-places.ts';
import type { Outlines } from './outlines.svelte.ts';
import type { People } from './people.ts';
import type { Preferences } from './preferences.svelte.ts';
import type { SeriesState } from './series.ts';
import type { Session } from './session.svelte.ts';
import type { PointSheet } from './sheet.svelte.ts';
import type { SyncStatus } from './sync-status.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

/** Everything that screens read and act upon. Built once in `app/boot.ts`; one line per class. */
export interface AppState {
  readonly session: Session;
  readonly catalogue: Catalogue;
  readonly browse: Browse;
  readonly outlines: Outlines;
  readonly sheet: PointSheet;
  readonly drafts: DraftsState;
  readonly series: SeriesState;
  readonly outbox: OutboxState;
  readonly nearby: NearbyState;
  readonly areas: AreasState;
  readonly desk: Desk;
  readonly people: People;
  readonly location: LocationState;
  readonly sync: SyncStatus;
  readonly preferences: Preferences;
  readonly toasts: Toasts;
  /** Loads `drafts`, `series`, `outbox`, `nearby`, `areas`, `desk` and `people`, which readers do without. */
  readonly loadWork: () => Promise<void>;
  /** What the map adds for a signed-in person; nothing for readers. */
  readonly ownPlaces: readonly OwnPlace[];
  /** Boxes of the sectors that they took along. */
  readonly takenAreas: readonly Bounds[];
}

/** Gives the state to the components below, and takes it from the ones above. */
export const [useAppState, provideAppState] = createContext<AppState>();
