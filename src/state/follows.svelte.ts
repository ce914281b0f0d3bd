import type { Api } from '../api/client.ts';
import {
  type Digest,
  fetchPreferences,
  type Follow,
  setDigest,
  setFollow,
  type ToldPreferences,
} from '../api/preferences.ts';
import { type Problem, problemOf } from '../domain/problems.ts';

export { DIGESTS, type Digest, type Follow } from '../api/preferences.ts';

interface Deps {
  readonly api: Api;
  readonly userId: () => string | null;
}

/** What the person follows and how often they are written to: the server's, asked once and after each change. */
export class Follows {
  #deps: Deps;
  #told = $state.raw<{ readonly by: string; readonly preferences: ToldPreferences } | null>(null);
  #problem = $state.raw<Problem | null>(null);

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Null until the server told. */
  get digest(): Digest | null {
    return this.#current?.digest ?? null;
  }

  get list(): readonly Follow[] | null {
    return this.#current?.follows ?? null;
  }

  get problem(): Problem | null {
    return this.#problem;
  }

  /** Whether something is followed; null until the server told. */
  has(kind: Follow['kind'], target: string): boolean | null {
    return this.list?.some((one) => one.kind === kind && one.target === target) ?? null;
  }

  /** Asks the server, unless it told already. Never throws: see `problem`. */
  async load(): Promise<void> {
    if (this.#current) return;
    await this.#learn(() => fetchPreferences(this.#deps.api)).catch(() => undefined);
  }

  /** Throws ProblemError. */
  async choose(digest: Digest): Promise<void> {
    await this.#learn(() => setDigest(this.#deps.api, digest));
  }

  /** Follows something, or stops. Throws ProblemError. */
  async set(thing: Pick<Follow, 'kind' | 'target'>, on: boolean): Promise<void> {
    await this.#learn(() => setFollow(this.#deps.api, thing, on));
  }

  /** Of who is signed in now: another person on this device follows other things. */
  get #current(): ToldPreferences | null {
    return this.#told?.by === this.#deps.userId() ? (this.#told?.preferences ?? null) : null;
  }

  async #learn(ask: () => Promise<ToldPreferences>): Promise<void> {
    const by = this.#deps.userId();
    if (by === null) return;
    try {
      this.#told = { by, preferences: await ask() };
      this.#problem = null;
    } catch (cause) {
      this.#problem = problemOf(cause);
      throw cause;
    }
  }
}
