import type { Precious } from '../db/precious.ts';
import type { Draft } from '../domain/draft.ts';
import type { PhotoKitchen } from './prepare-kept.ts';
import type { LocationState } from './location.svelte.ts';

/** What an open draft needs from the rest of the app. */
export interface EditorTools {
  readonly precious: Precious;
  readonly location: LocationState;
  readonly photos: PhotoKitchen;
  readonly now: () => Date;
  /** Puts the finished draft in the outbox: one transaction. Returns under which id it leaves; null for photos alone. */
  readonly finish: (draft: Draft) => Promise<string | null>;
}
