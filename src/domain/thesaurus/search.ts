import type { Concept } from '../concept.ts';
import { type Language } from '../language.ts';
import { LIMITS } from '../limits.ts';
import { fold } from './fold.ts';
import { conceptLabel } from './label.ts';

interface Word {
  readonly text: string;
  readonly language: string;
  readonly weight: number;
}

interface Entry {
  readonly concept: Concept;
  readonly words: readonly Word[];
}

/** Concepts prepared for searching: build once, search at each keystroke. */
export type ConceptIndex = readonly Entry[];

export interface ConceptHit {
  readonly concept: Concept;
  readonly label: string;
  /** The synonym that matched, when it is not the term itself. */
  readonly matched: string | null;
  readonly score: number;
}

// A term before its synonyms, synonyms before the misspellings kept as hidden labels.
const WEIGHTS = { label: 3, alt: 2, hidden: 1 } as const;

/** Prepares the accepted concepts of a scheme (all schemes when none is given). */
export function buildConceptIndex(concepts: Iterable<Concept>, scheme?: string): ConceptIndex {
  return [...concepts]
    .filter((one) => one.status === 'accepted' && (!scheme || one.scheme === scheme))
    .map((concept) => ({ concept, words: wordsOf(concept) }));
}

function wordsOf(concept: Concept): Word[] {
  const words: Word[] = Object.entries(concept.labels).map(([language, text]) => ({
    text,
    language,
    weight: WEIGHTS.label,
  }));
  for (const kind of ['alt', 'hidden'] as const) {
    for (const [language, texts] of Object.entries(concept[kind])) {
      for (const text of texts) words.push({ text, language, weight: WEIGHTS[kind] });
    }
  }
  return words;
}

function closeness(text: string, query: string): number {
  if (text === query) return 100;
  if (text.startsWith(query)) return 60;
  if (text.includes(` ${query}`)) return 40;
  // One letter inside a word finds everything: no help.
  return query.length >= 3 && text.includes(query) ? 20 : 0;
}

/**
 * Concepts that a text may name, best first: accents and case folded, in every language, with
 * synonyms. Several words must all be found. Words of the asked language weigh more.
 */
export function searchConcepts(
  index: ConceptIndex,
  text: string,
  language: Language,
  limit: number = LIMITS.searchResults,
): ConceptHit[] {
  const query = fold(text);
  if (!query) return [];
  const hits = index.flatMap(({ concept, words }) => {
    const hit = bestWord(words, query, language);
    if (!hit) return [];
    const label = conceptLabel(concept, language);
    const isTerm = fold(hit.text) === fold(label) || concept.unverified.includes(hit.language);
    return [{ concept, label, matched: isTerm ? null : hit.text, score: hit.score }];
  });
  const order = (a: ConceptHit, b: ConceptHit) =>
    b.score - a.score || a.label.length - b.label.length || a.label.localeCompare(b.label);
  return hits.sort(order).slice(0, limit);
}

function bestWord(words: readonly Word[], query: string, language: Language) {
  let best: { text: string; language: string; score: number } | null = null;
  for (const word of words) {
    const folded = fold(word.text);
    const parts = query.split(' ');
    const whole = closeness(folded, query);
    const each = parts.length > 1 ? Math.min(...parts.map((part) => closeness(folded, part))) / 2 : 0;
    const base = Math.max(whole, each);
    const score = base && base + word.weight * 4 + (word.language === language ? 3 : 0);
    if (score && (!best || score > best.score)) best = { text: word.text, language: word.language, score };
  }
  return best;
}
