import type { Language } from '../domain/language.ts';
import { LIMITS } from '../domain/limits.ts';
import { type ConceptIndex, conceptIndexSteps } from '../domain/thesaurus/concept-index.ts';
import { type PackedIndex, unpackSteps } from '../domain/thesaurus/packed-index.ts';
import { narrower, type Thesaurus } from '../domain/thesaurus/tree.ts';

interface Building {
  readonly thesaurus: Thesaurus;
  steps: Generator<undefined, ConceptIndex | null>;
  index: ConceptIndex | null;
  /** Asked of the worker once. */
  packing?: Promise<PackedIndex | null | undefined>;
}

/** Makes the index of a scheme, or of all, somewhere else than on the page; null where it cannot. */
export type PackElsewhere = (scheme: string | undefined, language: Language) => Promise<PackedIndex | null>;

/**
 * What makes the terms searchable, by scheme: made by a worker before anybody types, else here a little at a time, so
 * that the screen answers meanwhile; and anew when the terms have changed.
 */
export class TermIndexes {
  #thesaurus: () => Thesaurus;
  #language: () => Language;
  #pack: PackElsewhere | undefined;
  #buildings = new Map<string, Building>();

  constructor(thesaurus: () => Thesaurus, language: () => Language, pack?: PackElsewhere) {
    this.#thesaurus = thesaurus;
    this.#language = language;
    this.#pack = pack;
  }

  /** Makes the index of a scheme, or of all: what the page itself does of it, it does in slices. */
  async prepare(scheme?: string): Promise<void> {
    const building = this.#buildingOf(scheme);
    if (!building.index) building.packing ??= Promise.resolve(this.#pack?.(scheme, this.#language()));
    const packed = await building.packing;
    // Somebody may have typed meanwhile: then it is made, or on its way.
    building.packing = Promise.resolve(null);
    if (packed && !building.index) building.steps = unpackSteps(packed, building.thesaurus, scheme);
    while (!building.index) {
      await new Promise((resolve) => setTimeout(resolve));
      const end = performance.now() + LIMITS.sliceMs;
      while (!building.index && performance.now() < end) this.#advance(building, scheme);
    }
  }

  /** The index, whole: what is not made yet is made at once, for somebody waits. */
  of(scheme?: string): ConceptIndex {
    const building = this.#buildingOf(scheme);
    while (!building.index) this.#advance(building, scheme);
    return building.index;
  }

  #buildingOf(scheme: string | undefined): Building {
    const thesaurus = this.#thesaurus();
    const known = this.#buildings.get(scheme ?? '');
    if (known?.thesaurus === thesaurus) return known;
    const building: Building = { thesaurus, steps: this.#steps(thesaurus, scheme), index: null };
    this.#buildings.set(scheme ?? '', building);
    return building;
  }

  #steps(thesaurus: Thesaurus, scheme: string | undefined): Generator<undefined, ConceptIndex> {
    return conceptIndexSteps(thesaurus.values(), scheme, this.#language());
  }

  #advance(building: Building, scheme: string | undefined): void {
    if (building.index) return;
    const { done, value } = building.steps.next();
    if (!done) return;
    if (!value) {
      // The worker read other terms than the page has: made here after all.
      building.steps = this.#steps(building.thesaurus, scheme);
      return;
    }
    building.index = value;
    // Rows say whether there is more below: that is gathered once, and better now than at a keystroke.
    narrower(building.thesaurus, null);
  }
}
