import type { Api } from '../api/client.ts';
import { type Contribution, type ContributionsPage, fetchContributions } from '../api/contributions.ts';
import type { Cache } from '../db/cache.ts';
import { type Problem, problemOf } from '../domain/problems.ts';

export type { Contribution } from '../api/contributions.ts';

interface Deps {
  readonly api: Api;
  /** The signed-in user's copy, which goes when they leave. */
  readonly cache: () => Cache;
  readonly userId: () => string | null;
}

const KEY = 'contributions';
const PAGE = 30;

/** What the server says became of one's contributions, by pages; the first is kept for where there is no network. */
export class Contributions {
  #deps: Deps;
  #page = $state.raw<(ContributionsPage & { readonly by: string }) | null>(null);
  #problem = $state.raw<Problem | null>(null);
  #isBusy = $state(false);

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Null until something is known. */
  get items(): readonly Contribution[] | null {
    return this.#current?.items ?? null;
  }

  /** Times that one's sheets were opened, by year; null where it is not counted. */
  get views(): Readonly<Record<string, number>> | null {
    return this.#current?.views ?? null;
  }

  get hasMore(): boolean {
    return this.#current?.next != null;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  get problem(): Problem | null {
    return this.#problem;
  }

  /** The first page: what was kept at once, then what the server says. Never throws: see `problem`. */
  async load(): Promise<void> {
    const by = this.#deps.userId();
    if (by === null) return;
    const cache = this.#deps.cache();
    if (!this.#current) {
      const kept = (await cache.meta.get(KEY).catch(() => undefined))?.value as ContributionsPage | undefined;
      if (kept && !this.#current) this.#page = { ...kept, next: null, by };
    }
    await this.#ask(async () => {
      const page = await fetchContributions(this.#deps.api, { limit: PAGE });
      this.#page = { ...page, by };
      await cache.meta.put({ key: KEY, value: page }).catch(() => undefined);
    });
  }

  /** The next page. */
  async more(): Promise<void> {
    const shown = this.#current;
    if (!shown?.next) return;
    const after = shown.next;
    await this.#ask(async () => {
      const page = await fetchContributions(this.#deps.api, { after, limit: PAGE });
      this.#page = { ...page, items: [...shown.items, ...page.items], by: shown.by };
    });
  }

  get #current() {
    return this.#page?.by === this.#deps.userId() ? this.#page : null;
  }

  async #ask(work: () => Promise<void>): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      await work();
      this.#problem = null;
    } catch (cause) {
      this.#problem = problemOf(cause);
    } finally {
      this.#isBusy = false;
    }
  }
}
