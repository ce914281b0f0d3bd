import type { Concept } from '../concept.ts';
import type { Language } from '../language.ts';
import { LIMITS } from '../limits.ts';
import { type ConceptIndex, labelsOf, type Name, namesFrom, namesWith } from './concept-index.ts';
import { fold } from './fold.ts';

export interface ConceptHit {
  readonly concept: Concept;
  readonly label: string;
  /** The synonym that matched, when it is not the term itself. */
  readonly matched: string | null;
  readonly score: number;
}

export interface SearchOptions {
  readonly limit?: number;
  /** How much the person uses a term, 0 to 1: among equal matches those come first. */
  readonly useOf?: (concept: string) => number;
}

/** Below, a part inside a word finds everything: no help. */
const INSIDE_FROM = 3;
/** Less than between two kinds of match: use never puts a worse match before a better one. */
const MOST_FOR_USE = 8;

function closeness(text: string, query: string): number {
  if (text === query) return 100;
  if (text.startsWith(query)) return 60;
  if (text.includes(` ${query}`)) return 40;
  return query.length >= INSIDE_FROM && text.includes(query) ? 20 : 0;
}

/**
 * Concepts that a text may name, best first: accents and case folded, in every language, with
 * synonyms. Several words must all be found, each from its beginning; when few are, inside words too.
 * Words of the asked language weigh more, then what the person uses.
 */
export function searchConcepts(
  index: ConceptIndex,
  text: string,
  language: Language,
  { limit = LIMITS.searchResults, useOf = () => 0 }: SearchOptions = {},
): ConceptHit[] {
  const query = fold(text);
  if (!query) return [];
  const parts = query.split(' ');
  const best = new Map<number, { name: Name; score: number }>();
  const weigh = (places: Iterable<number>) => {
    for (const place of places) {
      const name = index.names[place];
      if (!name) continue;
      const score = scoreOf(name, query, parts, language);
      if (score > (best.get(name.concept)?.score ?? 0)) best.set(name.concept, { name, score });
    }
  };
  weigh(inAll(parts, (part) => namesFrom(index, part)));
  if (best.size < limit && parts.every((part) => part.length >= INSIDE_FROM)) {
    weigh(inAll(parts, (part) => namesWith(index, part)));
  }
  return ranked(index, best, language, useOf)
    .slice(0, limit)
    .map(({ concept, label, name, score }) => {
      const isTerm = name.folded === fold(label) || concept.unverified.includes(name.language);
      return { concept, label, matched: isTerm ? null : name.text, score };
    });
}

/** What every part finds. */
function inAll(parts: readonly string[], find: (part: string) => Set<number>): Set<number> {
  // Longest first: it finds the fewest.
  const [first = '', ...others] = [...new Set(parts)].sort((a, b) => b.length - a.length);
  let found = find(first);
  for (const part of others) {
    if (found.size === 0) break;
    const next = find(part);
    found = new Set([...found].filter((one) => next.has(one)));
  }
  return found;
}

function scoreOf(
  { folded, weight, language: own }: Name,
  query: string,
  parts: readonly string[],
  language: string,
) {
  const whole = closeness(folded, query);
  const each = parts.length > 1 ? Math.min(...parts.map((part) => closeness(folded, part))) / 2 : 0;
  const base = Math.max(whole, each);
  return base && base + weight * 4 + (own === language ? 3 : 0);
}

function ranked(
  index: ConceptIndex,
  best: ReadonlyMap<number, { name: Name; score: number }>,
  language: Language,
  useOf: (concept: string) => number,
) {
  const labels = labelsOf(index, language);
  const hits = [...best].flatMap(([place, { name, score }]) => {
    const concept = index.concepts[place];
    if (!concept) return [];
    const use = Math.min(1, Math.max(0, useOf(concept.id))) * MOST_FOR_USE;
    return [{ concept, label: labels[place] ?? concept.id, name, score: score + use }];
  });
  // Letter by letter, not by the rules of the language: those cost more than all the rest.
  const byLetter = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return hits.sort(
    (a, b) => b.score - a.score || a.label.length - b.label.length || byLetter(a.label, b.label),
  );
}
