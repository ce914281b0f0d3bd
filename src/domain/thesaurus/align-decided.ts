import type { Concept } from '../concept.ts';
import { fold } from './fold.ts';
import { currentConcept, type Thesaurus } from './tree.ts';

/** What somebody decided of a value of a source: the concept that it means, or none of the scheme's. */
export interface AlignDecision {
  readonly source: string;
  readonly value: string;
  readonly concept: string | null;
}

/** What was decided of a value: in its own source, and wherever else it stood. */
export interface Decided {
  /** Undefined: not decided. Null: none of them. */
  readonly own: Concept | null | undefined;
  /** Concepts in use to which other sources led, each once. */
  readonly others: readonly Concept[];
  /** Whether some other source found that none fits. */
  readonly isNoneElsewhere: boolean;
}

/** Decisions by value; each source's own go before those of others. */
export class DecidedBefore {
  #thesaurus: Thesaurus;
  #source: string;
  #exact = new Map<string, AlignDecision>();
  #own = new Map<string, AlignDecision>();
  #others = new Map<string, AlignDecision[]>();

  constructor(decisions: Iterable<AlignDecision>, source: string, thesaurus: Thesaurus) {
    this.#thesaurus = thesaurus;
    this.#source = source;
    for (const decision of decisions) this.note(decision);
  }

  /** Notes a decision; a later one on the same value of the same source takes its place. */
  note(decision: AlignDecision): void {
    const folded = fold(decision.value);
    if (decision.source === this.#source) {
      this.#exact.set(decision.value, decision);
      this.#own.set(folded, decision);
      return;
    }
    const known = this.#others.get(folded);
    if (known) known.push(decision);
    else this.#others.set(folded, [decision]);
  }

  /** Takes the source's own decision on a value back. */
  forget(value: string): void {
    this.#exact.delete(value);
    const left = this.spellingsOf(value).at(-1);
    const decision = left === undefined ? undefined : this.#exact.get(left);
    if (decision) this.#own.set(fold(value), decision);
    else this.#own.delete(fold(value));
  }

  /** Values of the source that were decided and read the same but for accents, case and signs. */
  spellingsOf(value: string): string[] {
    const folded = fold(value);
    return [...this.#exact.keys()].filter((one) => fold(one) === folded);
  }

  of(value: string): Decided {
    const folded = fold(value);
    // Signs alone ("?", "-") fold to nothing, and are not all the same.
    const own = this.#exact.get(value) ?? (folded === '' ? undefined : this.#own.get(folded));
    const others = new Map<string, Concept>();
    let isNoneElsewhere = false;
    for (const { concept } of folded === '' ? [] : (this.#others.get(folded) ?? [])) {
      const current = this.#currentOf(concept);
      if (current) others.set(current.id, current);
      else isNoneElsewhere ||= current === null;
    }
    return { own: own && this.#currentOf(own.concept), others: [...others.values()], isNoneElsewhere };
  }

  /** A concept that is gone without replacement leaves the value to be decided anew. */
  #currentOf(id: string | null): Concept | null | undefined {
    if (id === null) return null;
    const current = currentConcept(this.#thesaurus, id);
    return current?.status === 'accepted' ? current : undefined;
  }
}
