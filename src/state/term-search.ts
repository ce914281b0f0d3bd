import type { Language } from '../domain/language.ts';
import { findTerms } from '../domain/thesaurus/find-terms.ts';
import type { ConceptHit, SearchOptions } from '../domain/thesaurus/search.ts';
import type { Thesaurus } from '../domain/thesaurus/tree.ts';
import { packedInWorker } from './packed-in-worker.ts';
import { type PackElsewhere, TermIndexes } from './term-indexes.ts';

/** The search among the terms of this device. Fetched when it is first wanted: a map is read without it. */
export class TermSearch {
  #indexes: TermIndexes;
  #language: () => Language;

  /** `database`: name of the one on this device that has the terms, where one has: a worker readies them from there. */
  constructor(thesaurus: () => Thesaurus, language: () => Language, database?: () => string) {
    const pack: PackElsewhere = async (scheme, spoken) => {
      const name = database?.();
      return name ? packedInWorker({ database: name, scheme, language: spoken }) : null;
    };
    this.#indexes = new TermIndexes(thesaurus, language, pack);
    this.#language = language;
  }

  /** Readies the terms of a scheme, or all, a little at a time. */
  prepare(scheme?: string): Promise<void> {
    return this.#indexes.prepare(scheme);
  }

  /** Terms that a text may name, best first; of one scheme, or of all. */
  find(text: string, scheme: string | undefined, options: SearchOptions): ConceptHit[] {
    return findTerms(this.#indexes.of(scheme), text, this.#language(), options);
  }
}
