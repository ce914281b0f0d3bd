import type { Api } from '../api/client.ts';
import { fetchReleases, publishRelease, type Releases } from '../api/releases.ts';
import { type Problem, problemOf } from '../domain/problems.ts';

export type { Release, TermChange } from '../api/releases.ts';

/** The versions of a vocabulary, and what waits for the next. */
export class VocabularyVersions {
  #api: Api;
  #scheme: string;
  #found = $state.raw<Releases | null>(null);
  #problem = $state.raw<Problem | null>(null);

  constructor(api: Api, scheme: string) {
    this.#api = api;
    this.#scheme = scheme;
  }

  /** Null until the server told. */
  get found(): Releases | null {
    return this.#found;
  }

  get problem(): Problem | null {
    return this.#problem;
  }

  /** Number of the last version; 0 before the first. */
  get last(): number {
    return this.#found?.releases[0]?.number ?? 0;
  }

  /** Never throws: see `problem`. */
  async load(): Promise<void> {
    try {
      this.#found = await fetchReleases(this.#api, this.#scheme);
      this.#problem = null;
    } catch (cause) {
      this.#problem = problemOf(cause);
    }
  }

  /** Publishes the next version; answers its number. Throws ProblemError, and what is there is read anew. */
  async publish(notes: string): Promise<number> {
    try {
      return await publishRelease(this.#api, { scheme: this.#scheme, after: this.last, notes });
    } finally {
      await this.load();
    }
  }
}
