import type { Concept } from '../concept.ts';
import type { Language } from '../language.ts';
import { LIMITS } from '../limits.ts';
import { type ConceptIndex, eachNameFrom, eachNameWith, labelsOf, type Name } from './concept-index.ts';
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

/**
 * Concepts that a text may name, best first: accents and case folded, in every language, with
 * synonyms. Several words must all be found, each from its beginning; when few are, inside words too.
 * Words of the asked language weigh more, then what the person uses.
 */
export function searchConcepts(
  index: ConceptIndex,
  text: string,
  language: Language,
  { limit = LIMITS.searchResults, useOf }: SearchOptions = {},
): ConceptHit[] {
  const query = fold(text);
  if (!query) return [];
  const parts = [...new Set(query.split(' '))];
  const tally = new Tally(index, language);
  eachInAll(index, parts, eachNameFrom, (name) =>
    tally.note(name, (folded) => closeness(folded, query, parts.length)),
  );
  if (tally.count < limit && parts.every((part) => part.length >= INSIDE_FROM)) {
    eachInAll(index, parts, eachNameWith, (name) =>
      tally.note(name, (folded) => (folded.includes(query) ? 20 : 10)),
    );
  }
  return tally.best(limit, useOf);
}

/** How well a name answers, every part of the query beginning one of its words. */
function closeness(folded: string, query: string, parts: number): number {
  if (folded.startsWith(query)) return folded.length === query.length ? 100 : 60;
  return parts === 1 || folded.includes(` ${query}`) ? 40 : 20;
}

/** Calls back with every name in which each part is found. */
function eachInAll(
  index: ConceptIndex,
  parts: readonly string[],
  each: typeof eachNameFrom,
  found: (name: number) => void,
): void {
  const passed = new Uint8Array(index.names.length);
  for (const [turn, part] of parts.entries()) {
    const isLast = turn === parts.length - 1;
    each(index, part, (name) => {
      if (passed[name] !== turn) return;
      passed[name] = turn + 1;
      if (isLast) found(name);
    });
  }
}

/** Best score and best name of each concept, by its place: a keystroke among thousands makes no objects. */
class Tally {
  count = 0;
  #index: ConceptIndex;
  #language: Language;
  #scores: Float64Array;
  #names: Int32Array;

  constructor(index: ConceptIndex, language: Language) {
    this.#index = index;
    this.#language = language;
    this.#scores = new Float64Array(index.concepts.length);
    this.#names = new Int32Array(index.concepts.length);
  }

  note(place: number, weigh: (folded: string) => number): void {
    const { concept, folded, weight, language } = this.#index.names[place] as Name;
    const score = weigh(folded) + weight * 4 + (language === this.#language ? 3 : 0);
    const known = this.#scores[concept] ?? 0;
    if (score <= known) return;
    if (known === 0) this.count++;
    this.#scores[concept] = score;
    this.#names[concept] = place;
  }

  /** The best, in order: only they are compared with each other. */
  best(limit: number, useOf: SearchOptions['useOf']): ConceptHit[] {
    const labels = labelsOf(this.#index, this.#language);
    const { concepts, names } = this.#index;
    const kept: { place: number; label: string; score: number }[] = [];
    for (let place = 0; place < concepts.length; place++) {
      const found = this.#scores[place] ?? 0;
      if (found === 0) continue;
      const concept = concepts[place] as Concept;
      const use = useOf ? Math.min(1, Math.max(0, useOf(concept.id))) * MOST_FOR_USE : 0;
      const hit = { place, label: labels[place] ?? concept.id, score: found + use };
      const last = kept[limit - 1];
      if (last && !isBefore(hit, last)) continue;
      let at = Math.min(kept.length, limit - 1);
      for (; at > 0 && isBefore(hit, kept[at - 1] as typeof hit); at--) kept[at] = kept[at - 1] as typeof hit;
      kept[at] = hit;
    }
    return kept.map(({ place, label, score }) => {
      const concept = concepts[place] as Concept;
      const name = names[this.#names[place] ?? 0] as Name;
      const isTerm = name.folded === fold(label) || concept.unverified.includes(name.language);
      return { concept, label, matched: isTerm ? null : name.text, score };
    });
  }
}

interface Ranked {
  readonly label: string;
  readonly score: number;
}

// Letter by letter, not by the rules of the language: those cost more than all the rest.
function isBefore(a: Ranked, b: Ranked): boolean {
  if (a.score !== b.score) return a.score > b.score;
  if (a.label.length !== b.label.length) return a.label.length < b.label.length;
  return a.label < b.label;
}
