import type { Api } from '../api/client.ts';
import { fetchTerritories, type Territory } from '../api/territories.ts';
import { LIMITS } from '../domain/limits.ts';

/** A commune, an EPCI or a département. */
export interface NamedTerritory {
  readonly code: string;
  readonly name: string;
  readonly level: string;
}

/** What may be given to somebody: a region is not, `*` is. */
const GRANTED = ['departement', 'epci', 'commune'];
/** Codes asked in one address. */
const ASKED_AT_ONCE = 100;

/** Names of territories, whose codes are all that a role says. */
export class TerritoryNames {
  #api: Api;
  #known = $state.raw<ReadonlyMap<string, NamedTerritory>>(new Map());
  #asked = new Set<string>();

  constructor(api: Api) {
    this.#api = api;
  }

  /** The territory of a code, as far as it is known. */
  named(code: string): NamedTerritory | undefined {
    return this.#known.get(code);
  }

  /** Learns the names of codes. Without network they stay codes. */
  async learn(codes: readonly string[]): Promise<void> {
    const unknown = [...new Set(codes)].filter((code) => code !== '*' && !this.#asked.has(code));
    unknown.forEach((code) => this.#asked.add(code));
    for (let first = 0; first < unknown.length; first += ASKED_AT_ONCE) {
      const part = unknown.slice(first, first + ASKED_AT_ONCE);
      try {
        this.#keep(await fetchTerritories(this.#api, { codes: part, limit: part.length * 2 }));
      } catch {
        part.forEach((code) => this.#asked.delete(code));
      }
    }
  }

  /** Territories whose name has these words. Throws ProblemError. */
  async search(text: string): Promise<readonly NamedTerritory[]> {
    const found = await fetchTerritories(this.#api, { q: text, limit: LIMITS.searchResults });
    const granted = found.filter(({ level }) => GRANTED.includes(level));
    this.#keep(granted);
    // Whoever types « aude » looks for the largest thing of that name first.
    return granted.toSorted((a, b) => GRANTED.indexOf(a.level) - GRANTED.indexOf(b.level));
  }

  /** Communes whose name has these words. Throws ProblemError. */
  async communes(text: string): Promise<readonly NamedTerritory[]> {
    const found = await fetchTerritories(this.#api, {
      level: 'commune',
      q: text,
      limit: LIMITS.searchResults,
    });
    this.#keep(found);
    return found;
  }

  #keep(found: readonly Territory[]): void {
    const granted = found.filter(({ level }) => GRANTED.includes(level));
    this.#known = new Map([...this.#known, ...granted.map((one) => [one.code, one] as const)]);
  }
}
