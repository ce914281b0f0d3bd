import type { Concept } from '../concept.ts';
import { LANGUAGES, type Language } from '../language.ts';

/**
 * A concept's term in the asked language, else in the next language that has one.
 * Labels that no source has validated are never shown (contract §5); its id is the last resort.
 */
export function conceptLabel(concept: Concept, language: Language): string {
  for (const candidate of [language, ...LANGUAGES]) {
    const label = concept.labels[candidate];
    if (label && !concept.unverified.includes(candidate)) return label;
  }
  return concept.id;
}
