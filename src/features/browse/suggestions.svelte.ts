import { m } from '../../i18n/generated/messages.js';
import type { Browse } from '../../state/browse.svelte.ts';
import type { Catalogue } from '../../state/catalogue.svelte.ts';

/** A term or a commune that the typed words may name. */
export interface Suggestion {
  readonly kind: 'concept' | 'commune';
  readonly id: string;
  readonly label: string;
  /** What kind of thing it is, or the synonym that matched. */
  readonly detail: string;
}

/** More than that covers the map. */
const MOST_TERMS = 4;

/** What the words being typed may name: terms at once, from this device, communes once the server answered. */
export class Suggestions {
  #catalogue: Catalogue;
  #browse: Browse;
  #communes = $state.raw<readonly Suggestion[]>([]);
  #asked = $state('');

  /** The search of terms may still be on its way when the first letter is typed. */
  #concepts: readonly Suggestion[] = $derived.by(() =>
    this.#catalogue.searchConcepts(this.#asked, undefined, MOST_TERMS).map(({ concept, label, matched }) => ({
      kind: 'concept',
      id: concept.id,
      label,
      detail: matched ?? m.browse_suggestion_concept(),
    })),
  );

  constructor(catalogue: Catalogue, browse: Browse) {
    this.#catalogue = catalogue;
    this.#browse = browse;
  }

  get list(): readonly Suggestion[] {
    return [...this.#concepts, ...this.#communes];
  }

  ask(text: string): void {
    this.#asked = text;
    void this.#askCommunes(text);
  }

  async #askCommunes(text: string): Promise<void> {
    const communes = text.trim().length < 2 ? [] : await this.#browse.findCommunes(text);
    // An answer to what was typed before is late.
    if (this.#asked !== text) return;
    this.#communes = communes.map(({ code, name }) => ({
      kind: 'commune',
      id: code,
      label: name,
      detail: m.browse_suggestion_commune(),
    }));
  }
}
