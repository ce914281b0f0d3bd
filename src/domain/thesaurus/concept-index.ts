import type { Concept } from '../concept.ts';
import type { Language } from '../language.ts';
import { fold } from './fold.ts';
import { conceptLabel } from './label.ts';

/** One way to name a concept: a label, a synonym, or a misspelling kept for the search. */
export interface Name {
  /** Place of its concept in the index. */
  readonly concept: number;
  readonly text: string;
  readonly folded: string;
  readonly language: string;
  readonly weight: number;
}

/** Concepts prepared for searching: build once, search at each keystroke. */
export interface ConceptIndex {
  readonly concepts: readonly Concept[];
  readonly names: readonly Name[];
  /** Every word of every name, folded, in order; `namesOf` has the names in which each stands. */
  readonly words: readonly string[];
  readonly namesOf: readonly (readonly number[])[];
  /** Terms in a language, made when it is first asked for. */
  readonly labels: Map<Language, readonly string[]>;
}

// A term before its synonyms, synonyms before the misspellings kept as hidden labels.
const WEIGHTS = { label: 3, alt: 2, hidden: 1 } as const;

/** Prepares the accepted concepts of a scheme (all schemes when none is given). */
export function buildConceptIndex(concepts: Iterable<Concept>, scheme?: string): ConceptIndex {
  const kept = [...concepts].filter((one) => one.status === 'accepted' && (!scheme || one.scheme === scheme));
  const names = kept.flatMap((concept, place) => namesOf(concept, place));
  const places = new Map<string, number[]>();
  for (const [place, { folded }] of names.entries()) {
    for (const word of new Set(folded.split(' '))) {
      const known = places.get(word);
      if (known) known.push(place);
      else places.set(word, [place]);
    }
  }
  const words = [...places.keys()].sort();
  return {
    concepts: kept,
    names,
    words,
    namesOf: words.map((word) => places.get(word) ?? []),
    labels: new Map(),
  };
}

function namesOf(concept: Concept, place: number): Name[] {
  const name = (text: string, language: string, weight: number): Name => ({
    concept: place,
    text,
    folded: fold(text),
    language,
    weight,
  });
  const labels = Object.entries(concept.labels).map(([language, text]) =>
    name(text, language, WEIGHTS.label),
  );
  const others = (['alt', 'hidden'] as const).flatMap((kind) =>
    Object.entries(concept[kind]).flatMap(([language, texts]) =>
      texts.map((text) => name(text, language, WEIGHTS[kind])),
    ),
  );
  return [...labels, ...others].filter(({ folded }) => folded !== '');
}

/** The terms of an index in a language, in the order of its concepts. */
export function labelsOf(index: ConceptIndex, language: Language): readonly string[] {
  const known = index.labels.get(language);
  if (known) return known;
  const labels = index.concepts.map((concept) => conceptLabel(concept, language));
  index.labels.set(language, labels);
  return labels;
}

/** Place of the first word that is not before a text. */
function firstFrom(words: readonly string[], text: string): number {
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((words[middle] ?? '') < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Calls back with every name that has a word beginning with a text, once a word. */
export function eachNameFrom(index: ConceptIndex, start: string, found: (name: number) => void): void {
  const { words, namesOf: names } = index;
  for (let at = firstFrom(words, start); words[at]?.startsWith(start); at++) {
    for (const name of names[at] ?? []) found(name);
  }
}

/** The same for names with a word that holds a text anywhere. */
export function eachNameWith(index: ConceptIndex, part: string, found: (name: number) => void): void {
  const { words, namesOf: names } = index;
  for (let at = 0; at < words.length; at++) {
    if (words[at]?.includes(part)) for (const name of names[at] ?? []) found(name);
  }
}
