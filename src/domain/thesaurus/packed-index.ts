import type { Concept } from '../concept.ts';
import { LANGUAGES, type Language } from '../language.ts';
import { type Columns, type ConceptIndex, isSearched, type Name, termsOf } from './concept-index.ts';
import { type PackedWords, unpackWords } from './word-table.ts';

/**
 * An index as it goes from a worker to the page: numbers in arrays that change hands, texts end to end, for thousands of
 * objects would take the page as long to read as to make. The concepts themselves are on the page: only their ids travel.
 */
export interface PackedIndex extends Columns {
  readonly ids: string;
  readonly texts: string;
  readonly folded: string;
  /** Of each name: its place among `LANGUAGES`; one more for any other language. */
  readonly languages: Uint8Array;
  readonly weight: Uint8Array;
  readonly words: PackedWords;
  readonly language: Language;
  readonly labels: string;
  readonly ranks: Int32Array;
}

/** No label has it: JSON from PostgreSQL cannot carry it. */
const END = '\0';
const NAMES_IN_A_STEP = 2_500;

/** Makes an index ready to travel, with its terms in one language. */
export function packIndex(index: ConceptIndex, language: Language): PackedIndex {
  const { names, conceptOf, lengths, weights } = index;
  const { labels, ranks } = termsOf(index, language);
  return {
    ids: index.concepts.map((concept) => concept.id).join(END),
    texts: names.map((name) => name.text).join(END),
    folded: names.map((name) => name.folded).join(END),
    languages: Uint8Array.from(names, (name) => LANGUAGES.indexOf(name.language as Language) >>> 0),
    weight: Uint8Array.from(names, (name) => name.weight),
    conceptOf,
    lengths,
    weights,
    words: index.words.packed(),
    language,
    labels: labels.join(END),
    ranks,
  };
}

/** What of a packed index changes hands instead of being copied. */
export function buffersOf({ languages, weight, conceptOf, lengths, weights, words, ranks }: PackedIndex) {
  const arrays = [languages, weight, conceptOf, lengths, ranks, ...Object.values(weights)];
  return [...arrays, words.starts, words.names, words.firstWords].map((array) => array.buffer);
}

/**
 * The index again, over the concepts of the page, in short steps; null where those are not the ones it was made of: they
 * have changed meanwhile.
 */
export function* unpackSteps(
  packed: PackedIndex,
  thesaurus: ReadonlyMap<string, Concept>,
  scheme?: string,
): Generator<undefined, ConceptIndex | null, undefined> {
  const concepts = split(packed.ids).map((id) => thesaurus.get(id));
  const isSame = concepts.every((one) => one !== undefined && isSearched(one, scheme));
  if (!isSame) return null;
  if (concepts.length !== [...thesaurus.values()].filter((one) => isSearched(one, scheme)).length)
    return null;
  yield;
  const texts = split(packed.texts);
  yield;
  const folded = split(packed.folded);
  yield;
  const names: Name[] = [];
  for (let at = 0; at < texts.length; at++) {
    names.push({
      concept: packed.conceptOf[at] as number,
      text: texts[at] as string,
      folded: folded[at] as string,
      language: LANGUAGES[packed.languages[at] as number] ?? '',
      weight: packed.weight[at] as number,
    });
    if (at % NAMES_IN_A_STEP === 0) yield;
  }
  const words = unpackWords(packed.words);
  yield;
  const kept = concepts as Concept[];
  const places = new Map(kept.map((concept, place) => [concept.id, place]));
  yield;
  const { conceptOf, lengths, weights, language, ranks } = packed;
  const terms = new Map([[language, { labels: split(packed.labels), ranks }]]);
  return { concepts: kept, places, names, conceptOf, lengths, weights, words, terms };
}

const split = (texts: string): string[] => (texts === '' ? [] : texts.split(END));
