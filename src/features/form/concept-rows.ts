import type { Concept } from '../../domain/concept.ts';
import { labelIn, type Language } from '../../domain/language.ts';
import { conceptLabel } from '../../domain/thesaurus/label.ts';
import type { ConceptHit } from '../../domain/thesaurus/search.ts';
import { narrower, type Thesaurus } from '../../domain/thesaurus/tree.ts';

export interface ConceptRow {
  readonly id: string;
  readonly label: string;
  /** The synonym that was typed, when it is not the term. */
  readonly matched: string | null;
  readonly definition: string | null;
  readonly example: string | null;
  readonly hasNarrower: boolean;
}

interface Question {
  readonly thesaurus: Thesaurus;
  readonly search: (text: string) => readonly ConceptHit[];
  readonly scheme: string;
  readonly text: string;
  /** Concept whose narrower ones show while nothing is typed; null at the top. */
  readonly parent: string | null;
  readonly language: Language;
}

/** A concept as the picker shows it. */
export function conceptRow(
  thesaurus: Thesaurus,
  concept: Concept,
  language: Language,
  matched: string | null = null,
): ConceptRow {
  return {
    id: concept.id,
    label: conceptLabel(concept, language),
    matched,
    definition: labelIn(concept.definition, language) || null,
    example: labelIn(concept.example, language) || null,
    hasNarrower: narrower(thesaurus, concept.id, concept.scheme).length > 0,
  };
}

/** What the picker lists: the hits of a search, or one level of the hierarchy. */
export function conceptRows(question: Question): ConceptRow[] {
  const { thesaurus, search, scheme, text, parent, language } = question;
  const row = (concept: Concept, matched: string | null) => conceptRow(thesaurus, concept, language, matched);
  if (text.trim()) {
    return search(text).map((hit) => row(hit.concept, hit.matched));
  }
  const level = narrower(thesaurus, parent, scheme);
  // A scheme under one single root starts below it: nobody chooses "small heritage".
  const [root] = level;
  const isLoneRoot = parent === null && level.length === 1 && root !== undefined;
  const shown = isLoneRoot ? narrower(thesaurus, root.id, scheme) : level;
  return (shown.length > 0 ? shown : level)
    .map((concept) => row(concept, null))
    .sort((a, b) => a.label.localeCompare(b.label, language));
}
