import { createContext } from 'svelte';

import type { SyncStatus } from './sync-status.svelte.ts';

/** Everything that screens read and act upon. Built once in `app/boot.ts`; one line per class. */
export interface AppState {
  readonly sync: SyncStatus;
}

/** Gives the state to the components below, and takes it from the ones above. */
export const [useAppState, provideAppState] = createContext<AppState>();
