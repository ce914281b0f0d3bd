import type { AlignmentDeed } from '../api/alignments.ts';
import type { AlignValue } from '../domain/thesaurus/align.ts';
import type { PreferenceStore } from './preferences.svelte.ts';

/** What is under way on this device: the values, and what the server does not have yet. */
export interface AlignmentDraft {
  readonly source: string;
  readonly values: readonly AlignValue[];
  readonly unsent: readonly AlignmentDeed[];
  readonly unsentWords: readonly string[];
}

/** Keeps it between two visits. A browser that has no room, or refuses, keeps it for the visit alone. */
export class AlignmentDrafts {
  #store: PreferenceStore | null;
  #key: string;

  constructor(store: PreferenceStore | null, userId: string, scheme: string) {
    this.#store = store;
    this.#key = `capitelle.align.${userId}.${scheme}`;
  }

  read(): AlignmentDraft | null {
    try {
      const kept: unknown = JSON.parse(this.#store?.getItem(this.#key) ?? 'null');
      return isDraft(kept) ? kept : null;
    } catch {
      return null;
    }
  }

  /** Answers whether it is kept. */
  write(draft: AlignmentDraft | null): boolean {
    try {
      this.#store?.setItem(this.#key, JSON.stringify(draft));
      return this.#store !== null;
    } catch {
      return false;
    }
  }
}

function isDraft(kept: unknown): kept is AlignmentDraft {
  const { source, values, unsent, unsentWords } = (kept ?? {}) as Record<string, unknown>;
  return typeof source === 'string' && [values, unsent, unsentWords].every(Array.isArray);
}
