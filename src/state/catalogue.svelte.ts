import { fetchThemes, fetchThesaurus, type Instance, instanceSchema } from '../api/catalogue.ts';
import type { Api } from '../api/client.ts';
import type { Cache } from '../db/cache.ts';
import { usedTerms } from '../db/used-terms.ts';
import type { Concept } from '../domain/concept.ts';
import type { Position } from '../domain/geo/distance.ts';
import type { KnowsTerm } from '../domain/form/answer.ts';
import { labelIn, type Language } from '../domain/language.ts';
import { conceptLabel } from '../domain/thesaurus/label.ts';
import type { ConceptHit } from '../domain/thesaurus/search.ts';
import { currentConcept, narrower, type Thesaurus, thesaurusOf } from '../domain/thesaurus/tree.ts';
import { byUse, type UsedTerm, useShares } from '../domain/thesaurus/used.ts';
import type { Theme } from '../domain/theme.ts';
import { live, type Live } from './live.svelte.ts';
import type { TermSearch } from './term-search.ts';

export interface CatalogueDeps {
  readonly api: Api;
  /** The signed-in user's copy, or the public one. Read reactively. */
  readonly cache: () => Cache;
  readonly publicCache: Cache;
  readonly language: () => Language;
  readonly now: () => Date;
}

/** What the public answer said beside the themes themselves. */
interface Told {
  /** Ids in the order of the inventory: a local table has none. */
  readonly order: readonly string[];
  readonly instance: Instance | null;
}

/**
 * The inventories, their forms and their terms, from the copy on this device. Whoever is not signed
 * in reads the public answers, kept in the public copy; a signed-in user's copy follows by sync and
 * the public one fills in until it has.
 */
export class Catalogue {
  #api: Api;
  #publicCache: Cache;
  #language: () => Language;
  #now: () => Date;
  #used: Live<readonly UsedTerm[]>;
  #themes: Live<readonly Theme[]>;
  #concepts: Live<readonly Concept[]>;
  #told: Live<Told>;
  /** Name of the copy that the terms were read from. */
  #readFrom = '';
  #search = $state.raw<TermSearch | null>(null);

  /** Themes in the order of the inventory. */
  readonly themes: readonly Theme[] = $derived.by(() => {
    const rank = (theme: Theme) => this.#told.current.order.indexOf(theme.id) + 1 || 100;
    return [...this.#themes.current].sort((a, b) => rank(a) - rank(b));
  });

  #shares: ReadonlyMap<string, number> = $derived.by(() => useShares(this.#used.current, this.#now()));

  /** Concepts by id. */
  readonly thesaurus: Thesaurus = $derived.by(() => thesaurusOf(this.#concepts.current));

  /** Call it where effects live: in a component or an effect root. */
  constructor({ api, cache, publicCache, language, now }: CatalogueDeps) {
    this.#api = api;
    this.#now = now;
    this.#publicCache = publicCache;
    this.#language = language;
    this.#themes = live(async () => {
      const own = cache();
      const themes = await own.themes.toArray();
      return themes.length > 0 || own === publicCache ? themes : publicCache.themes.toArray();
    }, []);
    this.#concepts = live(async () => {
      const own = cache();
      const isFilled = own === publicCache || (await own.concepts.count()) > 0;
      const read = isFilled ? own : publicCache;
      this.#readFrom = read.name;
      return read.concepts.toArray();
    }, []);
    this.#used = live(async () => usedTerms(cache()), []);
    this.#told = live(async () => readTold((await publicCache.meta.get('told'))?.value), UNTOLD);
  }

  /** Name, territory and demonstration mode of this instance; null until the server told once. */
  get instance(): Instance | null {
    return this.#told.current.instance;
  }

  /** Whether the inventory takes things there, as far as this device knows. */
  covers({ lon, lat }: Position): boolean {
    const [west, south, east, north] = this.instance?.extent ?? [];
    if (west == null || south == null || east == null || north == null) return true;
    return lon >= west && lon <= east && lat >= south && lat <= north;
  }

  theme(id: string): Theme | undefined {
    return this.#themes.current.find((theme) => theme.id === id);
  }

  /** Name of a theme; its id while it is not known. */
  themeLabel(id: string): string {
    return labelIn(this.theme(id)?.labels, this.#language()) || id;
  }

  concept(id: string): Concept | undefined {
    return this.thesaurus.get(id);
  }

  /** Whether a term is in a scheme, or leads to one that is; of a scheme that is not here yet, any may be. */
  readonly knowsTerm: KnowsTerm = (scheme, id) => {
    if (!scheme || narrower(this.thesaurus, null, scheme).length === 0) return true;
    const concept = currentConcept(this.thesaurus, id);
    return concept?.scheme === scheme && concept.status === 'accepted';
  };

  /** A concept's term; null while it is not known. */
  conceptLabel(id: string | null): string | null {
    const concept = id === null ? undefined : this.concept(id);
    return concept ? conceptLabel(concept, this.#language()) : null;
  }

  /** Ids of the broadest terms of a theme. */
  topConcepts(themeId: string): string[] {
    const scheme = this.theme(themeId)?.settings['scheme'];
    if (typeof scheme !== 'string') return [];
    return narrower(this.thesaurus, null, scheme).map((concept) => concept.id);
  }

  /** Fetches the search of terms: before it, nothing is found. Fails without network on a first visit. */
  async loadSearch(): Promise<void> {
    const { TermSearch } = await import('./term-search.ts');
    this.#search ??= new TermSearch(
      () => this.thesaurus,
      this.#language,
      () => this.#readFrom,
    );
  }

  /** Readies the search of terms, a little at a time: call it before somebody types. */
  prepareSearch(scheme?: string): void {
    void this.loadSearch()
      .then(() => this.#search?.prepare(scheme))
      .catch(() => undefined);
  }

  /** Terms that a text may name, best first; of one scheme, or of all. Read reactively. */
  searchConcepts(text: string, scheme?: string, limit?: number): ConceptHit[] {
    const shares = this.#shares;
    return this.#search?.find(text, scheme, limit === undefined ? { shares } : { shares, limit }) ?? [];
  }

  /** Terms of a scheme that the person gave to their points, recent and frequent first. */
  usedConcepts(scheme: string): Concept[] {
    return byUse(this.#used.current, this.#now())
      .flatMap(({ concept }) => this.concept(concept) ?? [])
      .filter((concept) => concept.scheme === scheme && concept.status === 'accepted');
  }

  /** Asks the server for the themes and keeps them. Fails without network. */
  async refreshThemes(): Promise<void> {
    const { themes, instance = null } = await fetchThemes(this.#api);
    const cache = this.#publicCache;
    const told: Told = { order: themes.map((theme) => theme.id), instance };
    await cache.transaction('rw', cache.themes, cache.meta, async () => {
      await cache.themes.clear();
      await cache.themes.bulkPut(themes);
      await cache.meta.put({ key: 'told', value: told });
    });
  }

  /** Asks the server for the terms and keeps them; only those that changed when some are known. */
  async refreshConcepts(): Promise<void> {
    const cache = this.#publicCache;
    const known = (await cache.meta.get('thesaurus_rev'))?.value as string | number | undefined;
    const { rev, concepts } = await fetchThesaurus(this.#api, known === undefined ? {} : { since: known });
    await cache.transaction('rw', cache.concepts, cache.meta, async () => {
      // Nothing is ever taken out of a thesaurus: a term is deprecated.
      await cache.concepts.bulkPut(concepts);
      await cache.meta.put({ key: 'thesaurus_rev', value: rev });
    });
  }
}

const UNTOLD: Told = { order: [], instance: null };

function readTold(stored: unknown): Told {
  const { order, instance } = (stored ?? {}) as { order?: unknown; instance?: unknown };
  const parsed = instanceSchema.safeParse(instance);
  return {
    order: Array.isArray(order) ? order.map(String) : [],
    instance: parsed.success ? parsed.data : null,
  };
}
