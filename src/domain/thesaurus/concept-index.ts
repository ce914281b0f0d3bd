import type { Concept } from '../concept.ts';
import { LANGUAGES, type Language } from '../language.ts';
import { foldMany } from './fold.ts';
import { conceptLabel } from './label.ts';
import { type WordTable, WordTableBuilder } from './word-table.ts';

/** One way to name a concept: a label, a synonym, or a misspelling kept for the search. */
export interface Name {
  /** Place of its concept in the index. */
  readonly concept: number;
  readonly text: string;
  readonly folded: string;
  readonly language: string;
  readonly weight: number;
}

/** The term of each concept of an index in a language, and how many stand before it: the shortest first. */
export interface Terms {
  readonly labels: readonly string[];
  readonly ranks: Int32Array;
}

/** Concepts prepared for searching: build once, search at each keystroke. */
export interface ConceptIndex {
  readonly concepts: readonly Concept[];
  /** Place of each concept, by id. */
  readonly places: ReadonlyMap<string, number>;
  readonly names: readonly Name[];
  /** What the search reads of every name, side by side: concept, length folded, weight in each language. */
  readonly conceptOf: Int32Array;
  readonly lengths: Int32Array;
  readonly weights: Readonly<Record<Language, Uint8Array>>;
  readonly words: WordTable;
  /** Terms in a language, made when it is first asked for. */
  readonly terms: Map<Language, Terms>;
}

/** A term before its synonyms, synonyms before the misspellings kept as hidden labels; then the person's language. */
const WEIGHTS = { label: 12, alt: 8, hidden: 4, ownLanguage: 3 } as const;
/** Concepts read in one step: about a millisecond of an old phone. */
const READ_IN_A_STEP = 25;
const NAMES_IN_A_STEP = 5_000;

/** Whether the search of a scheme, or of all, finds a concept. */
export function isSearched(concept: Concept, scheme?: string): boolean {
  return concept.status === 'accepted' && (!scheme || concept.scheme === scheme);
}

/** Prepares the accepted concepts of a scheme (all schemes when none is given), with the terms of a language. */
export function buildConceptIndex(
  concepts: Iterable<Concept>,
  scheme?: string,
  language?: Language,
): ConceptIndex {
  return endOf(conceptIndexSteps(concepts, scheme, language));
}

/** The same in steps short enough to let the screen answer between them; the last one brings the index. */
export function* conceptIndexSteps(
  concepts: Iterable<Concept>,
  scheme?: string,
  language?: Language,
): Generator<undefined, ConceptIndex, undefined> {
  const kept = [...concepts].filter((one) => isSearched(one, scheme));
  const names: Name[] = [];
  const words = new WordTableBuilder();
  const fold = foldMany();
  for (const [place, concept] of kept.entries()) {
    for (const name of namesOf(concept, place, fold)) {
      words.add(name.folded);
      names.push(name);
    }
    if (place % READ_IN_A_STEP === 0) yield;
  }
  yield;
  const table = yield* words.finish();
  yield;
  const columns = yield* columnsOf(names);
  yield;
  const index: ConceptIndex = {
    concepts: kept,
    places: new Map(kept.map((concept, place) => [concept.id, place])),
    names,
    ...columns,
    words: table,
    terms: new Map(),
  };
  yield;
  if (language) index.terms.set(language, yield* termsSteps(index, language));
  return index;
}

function namesOf(concept: Concept, place: number, fold: (text: string) => string): Name[] {
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

/** What the search reads of every name. */
export type Columns = Pick<ConceptIndex, 'conceptOf' | 'lengths' | 'weights'>;

function* columnsOf(names: readonly Name[]): Generator<undefined, Columns> {
  const column = () => new Uint8Array(names.length);
  const weights = { fr: column(), oc: column(), ca: column(), en: column() } satisfies Record<
    Language,
    unknown
  >;
  const conceptOf = new Int32Array(names.length);
  const lengths = new Int32Array(names.length);
  for (let at = 0; at < names.length; at++) {
    const { concept, folded, weight, language } = names[at] as Name;
    conceptOf[at] = concept;
    lengths[at] = folded.length;
    for (const one of LANGUAGES) weights[one][at] = weight;
    if (language in weights) weights[language as Language][at] = weight + WEIGHTS.ownLanguage;
    if (at % NAMES_IN_A_STEP === 0) yield;
  }
  return { conceptOf, lengths, weights };
}

/** The terms of an index in a language: the shortest first, then letter by letter. */
export function termsOf(index: ConceptIndex, language: Language): Terms {
  const known = index.terms.get(language);
  if (known) return known;
  const terms = endOf(termsSteps(index, language));
  index.terms.set(language, terms);
  return terms;
}

function* termsSteps(index: ConceptIndex, language: Language): Generator<undefined, Terms> {
  const labels = index.concepts.map((concept) => conceptLabel(concept, language));
  const byLength: number[][] = [];
  for (const [place, label] of labels.entries()) (byLength[label.length] ??= []).push(place);
  const order: number[] = [];
  // By code units, not by the rules of the language: those cost more than all the rest.
  const before = (a: number, b: number) => {
    const one = labels[a] as string;
    const other = labels[b] as string;
    return one < other ? -1 : one > other ? 1 : a - b;
  };
  for (const places of byLength) {
    if (!places) continue;
    order.push(...places.sort(before));
    yield;
  }
  const ranks = new Int32Array(labels.length);
  for (const [rank, place] of order.entries()) ranks[place] = rank;
  return { labels, ranks };
}

function endOf<T>(steps: Generator<undefined, T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
