import type { Concept } from '../concept.ts';

/**
 * Why a concept is suggested: decided before; it is its label; one of its synonyms; one of these but for accents,
 * signs and articles; in the plural; a term, tag or code that matches it; a part of the value says it; nearly the
 * same letters.
 */
export type AlignWhy = 'decided' | 'label' | 'synonym' | 'folded' | 'plural' | 'match' | 'part' | 'trigram';

export interface AlignSuggestion {
  readonly concept: Concept;
  readonly why: AlignWhy;
  /** The text of the concept, or of the reference, that answered; null where a decision did. */
  readonly matched: string | null;
  /** 0 to 1, the more the likelier. */
  readonly score: number;
}
