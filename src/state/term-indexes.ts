import type { Language } from '../domain/language.ts';
import { LIMITS } from '../domain/limits.ts';
import { type ConceptIndex, conceptIndexSteps } from '../domain/thesaurus/concept-index.ts';
import { narrower, type Thesaurus } from '../domain/thesaurus/tree.ts';

interface Building {
  readonly thesaurus: Thesaurus;
  readonly steps: Generator<undefined, ConceptIndex>;
  index: ConceptIndex | null;
}

/**
 * What makes the terms searchable, by scheme: made a little at a time before anybody types, so that the screen
 * answers meanwhile, and anew when the terms have changed.
 */
export class TermIndexes {
  #thesaurus: () => Thesaurus;
  #language: () => Language;
  #buildings = new Map<string, Building>();

  constructor(thesaurus: () => Thesaurus, language: () => Language) {
    this.#thesaurus = thesaurus;
    this.#language = language;
  }

  /** Makes the index of a scheme, or of all, in slices. */
  async prepare(scheme?: string): Promise<void> {
    const building = this.#buildingOf(scheme);
    while (!building.index) {
      await new Promise((resolve) => setTimeout(resolve));
      const end = performance.now() + LIMITS.sliceMs;
      while (!building.index && performance.now() < end) advance(building);
    }
  }

  /** The index, whole: what is not made yet is made at once, for somebody waits. */
  of(scheme?: string): ConceptIndex {
    const building = this.#buildingOf(scheme);
    while (!building.index) advance(building);
    return building.index;
  }

  #buildingOf(scheme: string | undefined): Building {
    const thesaurus = this.#thesaurus();
    const known = this.#buildings.get(scheme ?? '');
    if (known?.thesaurus === thesaurus) return known;
    const steps = conceptIndexSteps(thesaurus.values(), scheme, this.#language());
    const building: Building = { thesaurus, steps, index: null };
    this.#buildings.set(scheme ?? '', building);
    return building;
  }
}

function advance(building: Building): void {
  if (building.index) return;
  const { done, value } = building.steps.next();
  if (!done) return;
  building.index = value;
  // Rows say whether there is more below: that is gathered once, and better now than at a keystroke.
  narrower(building.thesaurus, null);
}
