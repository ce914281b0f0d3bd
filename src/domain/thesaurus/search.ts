import type { Concept } from '../concept.ts';
import type { Language } from '../language.ts';
import { LIMITS } from '../limits.ts';
import { type ConceptIndex, type Terms, termsOf } from './concept-index.ts';
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
  /** How much the person uses a term, 0 to 1, by id: among equal matches those come first. */
  readonly shares?: ReadonlyMap<string, number>;
}

/**
 * How well a name answers. Two kinds lie further apart than all that ranks names of one kind (from 4 to 15
 * for what the name is, up to 8 for use): nothing puts a worse match before a better one.
 */
const CLOSENESS = {
  whole: 200,
  /** A whole word that was typed, the first of the name, then a later one: "bar" is no barber. */
  firstWord: 175,
  laterWord: 150,
  beginning: 125,
  /** The words one after the other; a single one, anywhere. */
  together: 100,
  inOrder: 75,
  apart: 50,
  /** Inside words. */
  insideTogether: 25,
  inside: 0,
} as const;
/** Below, a part inside a word finds everything: no help. */
const INSIDE_FROM = 3;
/** Below, a word is not yet one. */
const WORD_FROM = 3;
const MOST_FOR_USE = 8;

/**
 * Concepts that a text may name, best first: accents and case folded, in every language, with
 * synonyms. Several words must all be found, each from its beginning; when few are, inside words too.
 * Words of the asked language weigh more, then what the person uses, then the shortest term.
 */
export function searchConcepts(
  index: ConceptIndex,
  text: string,
  language: Language,
  { limit = LIMITS.searchResults, shares }: SearchOptions = {},
): ConceptHit[] {
  const query = fold(text);
  if (!query) return [];
  const parts = [...new Set(query.split(' '))];
  const tally = new Tally(index, language);
  if (parts[0] === query) noteBeginning(index, query, tally);
  else noteWords(index, query, parts, tally);
  if (tally.count < limit && parts.every((part) => part.length >= INSIDE_FROM)) {
    noteInside(index, query, parts, tally);
  }
  return tally.best(limit, shares);
}

/** One word, or the beginning of one: no name is read, only where its words stand. */
function noteBeginning({ words, lengths }: ConceptIndex, query: string, tally: Tally): void {
  const range = words.beginningWith(query);
  const { from, to } = range;
  const { firstWords } = words;
  // A word of two letters is still being typed, or says nothing: "à".
  if (query.length >= WORD_FROM && words.has(query, from)) {
    for (const name of words.namesIn({ from, to: from + 1 })) {
      if (lengths[name] === query.length) tally.note(name, CLOSENESS.whole);
      else tally.note(name, firstWords[name] === from ? CLOSENESS.firstWord : CLOSENESS.laterWord);
    }
  }
  for (const name of words.namesIn(range)) {
    const first = firstWords[name] as number;
    if (first < from || first >= to) tally.note(name, CLOSENESS.together);
    else tally.note(name, lengths[name] === query.length ? CLOSENESS.whole : CLOSENESS.beginning);
  }
}

/** Several words, each the beginning of one of the name's. */
function noteWords(index: ConceptIndex, query: string, parts: readonly string[], tally: Tally): void {
  const { words, names } = index;
  const all = new Meeting(names.length, parts.length);
  for (const part of parts) {
    all.take(words.namesIn(words.beginningWith(part)));
    all.goOn();
  }
  const laterOn = ` ${query}`;
  for (const name of all.met) {
    const folded = names[name]?.folded ?? '';
    if (folded.startsWith(query)) {
      tally.note(name, folded.length === query.length ? CLOSENESS.whole : CLOSENESS.beginning);
    } else if (folded.includes(laterOn)) tally.note(name, CLOSENESS.together);
    else tally.note(name, followEachOther(folded, parts) ? CLOSENESS.inOrder : CLOSENESS.apart);
  }
}

/** Whether words of a name begin with the parts of a query in the order in which they were typed. */
function followEachOther(folded: string, parts: readonly string[]): boolean {
  const text = ` ${folded}`;
  let at = 0;
  for (const part of parts) {
    at = text.indexOf(` ${part}`, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

function noteInside(index: ConceptIndex, query: string, parts: readonly string[], tally: Tally): void {
  const { words, names } = index;
  const all = new Meeting(names.length, parts.length);
  for (const part of parts) {
    words.eachHolding(part, (found) => all.take(found));
    all.goOn();
  }
  for (const name of all.met) {
    const isTogether = parts[0] === query || names[name]?.folded.includes(query);
    tally.note(name, isTogether ? CLOSENESS.insideTogether : CLOSENESS.inside);
  }
}

/** Names found for every part of a query, whichever has them. */
class Meeting {
  readonly met: number[] = [];
  #turn = 0;
  #last: number;
  #passed: Uint8Array;

  constructor(names: number, parts: number) {
    this.#passed = new Uint8Array(names);
    this.#last = parts - 1;
  }

  /** Takes names found for the part whose turn it is. */
  take(names: Int32Array): void {
    const turn = this.#turn;
    for (const name of names) {
      if (this.#passed[name] !== turn) continue;
      this.#passed[name] = turn + 1;
      if (turn === this.#last) this.met.push(name);
    }
  }

  goOn(): void {
    this.#turn++;
  }
}

/** Best score and best name of each concept found, by its place: a keystroke among thousands makes no objects. */
class Tally {
  #index: ConceptIndex;
  #terms: Terms;
  #weights: Uint8Array;
  #found: number[] = [];
  #scores: Float64Array;
  #names: Int32Array;

  constructor(index: ConceptIndex, language: Language) {
    this.#index = index;
    this.#terms = termsOf(index, language);
    this.#weights = index.weights[language];
    this.#scores = new Float64Array(index.concepts.length);
    this.#names = new Int32Array(index.concepts.length);
  }

  get count(): number {
    return this.#found.length;
  }

  note(name: number, closeness: number): void {
    const concept = this.#index.conceptOf[name] as number;
    const score = closeness + (this.#weights[name] as number);
    const known = this.#scores[concept] as number;
    if (known === 0) this.#found.push(concept);
    else if (score < known || (score === known && name >= (this.#names[concept] as number))) return;
    this.#scores[concept] = score;
    this.#names[concept] = name;
  }

  /** The best, in order: only they are compared with each other. */
  best(limit: number, shares: SearchOptions['shares']): ConceptHit[] {
    const { places } = this.#index;
    const scores = this.#scores;
    for (const [id, share] of shares ?? []) {
      const place = places.get(id);
      if (place === undefined || !scores[place]) continue;
      scores[place] += Math.min(1, Math.max(0, share)) * MOST_FOR_USE;
    }
    const { ranks } = this.#terms;
    const isBefore = (a: number, b: number) => {
      const better = (scores[a] as number) - (scores[b] as number);
      return better > 0 || (better === 0 && (ranks[a] as number) < (ranks[b] as number));
    };
    const kept: number[] = [];
    for (const place of this.#found) {
      const last = kept[limit - 1];
      if (last !== undefined && !isBefore(place, last)) continue;
      let at = Math.min(kept.length, limit - 1);
      for (; at > 0 && isBefore(place, kept[at - 1] as number); at--) kept[at] = kept[at - 1] as number;
      kept[at] = place;
    }
    return kept.map((place) => this.#hit(place));
  }

  #hit(place: number): ConceptHit {
    const concept = this.#index.concepts[place] as Concept;
    const label = this.#terms.labels[place] as string;
    const name = this.#index.names[this.#names[place] as number];
    const isTerm = !name || name.folded === fold(label) || concept.unverified.includes(name.language);
    return { concept, label, matched: isTerm ? null : name.text, score: this.#scores[place] as number };
  }
}
