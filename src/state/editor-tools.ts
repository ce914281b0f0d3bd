import type { Precious } from '../db/precious.ts';
import type { Draft } from '../domain/draft.ts';
import type { KnowsTerm } from '../domain/form/answer.ts';
import type { PhotoKitchen } from './draft-photos.svelte.ts';
import type { Finishing } from './finish-draft.ts';
import type { LocationState } from './location.svelte.ts';

/** What an open draft needs from the rest of the app. */
export interface EditorTools {
  readonly precious: Precious;
  readonly location: LocationState;
  readonly photos: PhotoKitchen;
  readonly now: () => Date;
  /** Whether a term is in a scheme, as far as this device knows. */
  readonly knowsTerm: KnowsTerm;
  /** Puts the finished draft in the outbox, and the one that goes on in its place: one transaction. */
  readonly finish: (draft: Draft, finishing: Finishing) => Promise<unknown>;
}
