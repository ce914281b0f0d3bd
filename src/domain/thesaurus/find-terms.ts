import type { Language } from '../language.ts';
import type { ConceptIndex } from './concept-index.ts';
import { fold } from './fold.ts';
import { likeness } from './likeness.ts';
import { type ConceptHit, searchConcepts, type SearchOptions } from './search.ts';
import { singular, SMALL_WORDS } from './word-forms.ts';

/** As many names have these very words: nobody meant others. */
const ENOUGH = 10;
/** Alike enough to have been meant: a letter or two wrong. */
const LEAST_LIKENESS = 0.4;
/** A shorter word is like too many. */
const LIKELY_FROM = 4;
/** Whoever errs over a word has its beginning right. */
const SURE_LETTERS = 2;

/**
 * Concepts that a text may name, as `searchConcepts`; where that finds few, then those that the same words name without
 * articles and in the singular; where nothing does, those whose names are a letter off. A keystroke that finds enough
 * costs no more.
 */
export function findTerms(
  index: ConceptIndex,
  text: string,
  language: Language,
  options: SearchOptions = {},
): ConceptHit[] {
  const found = searchConcepts(index, text, language, options);
  if (found.length >= ENOUGH) return found;
  const typed = fold(text).split(' ').filter(Boolean);
  const meant = typed.filter((word) => !SMALL_WORDS.has(word));
  const hits = new Map(found.map((hit) => [hit.concept.id, hit]));
  const queries = new Set([meant, meant.map(singular)].map((words) => words.join(' ')));
  queries.delete(typed.join(' '));
  for (const query of queries) {
    for (const hit of searchConcepts(index, query, language, options)) {
      if (!hits.has(hit.concept.id)) hits.set(hit.concept.id, hit);
    }
  }
  if (hits.size > 0) return [...hits.values()].slice(0, options.limit ?? hits.size);
  return alike(index, meant.map(singular), language, options);
}

/** Names that begin like one of the words and are alike to what was typed, best first. */
function alike(
  index: ConceptIndex,
  words: readonly string[],
  language: Language,
  options: SearchOptions,
): ConceptHit[] {
  const { words: table, names } = index;
  const typed = words.join(' ');
  const likely = new Map<string, number>();
  for (const word of words.filter((one) => one.length >= LIKELY_FROM)) {
    for (const name of table.namesIn(table.beginningWith(word.slice(0, SURE_LETTERS)))) {
      const folded = names[name]?.folded ?? '';
      if (likely.has(folded)) continue;
      const share = likeness(typed, folded);
      if (share >= LEAST_LIKENESS) likely.set(folded, share);
    }
  }
  const best = [...likely].sort(([, a], [, b]) => b - a).map(([folded]) => folded);
  const hits = new Map<string, ConceptHit>();
  for (const folded of best) {
    for (const hit of searchConcepts(index, folded, language, options)) {
      if (!hits.has(hit.concept.id)) hits.set(hit.concept.id, hit);
    }
  }
  return [...hits.values()].slice(0, options.limit ?? hits.size);
}
