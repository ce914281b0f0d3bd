import type { Concept } from '../concept.ts';
import { type Alike, AlikeNames, type Weigh } from './align-alike.ts';
import type { DecidedBefore } from './align-decided.ts';
import { type AlignName, namesOf } from './align-names.ts';
import { partsOf, wholeOf } from './align-read.ts';
import type { AlignSuggestion, AlignWhy } from './align-suggestion.ts';
import { formsOf } from './align-words.ts';
import { trigramsOf } from './likeness.ts';
import { type Thesaurus, thesaurusOf } from './tree.ts';

/** A distinct value of a column, and how many rows have it. */
export interface AlignValue {
  readonly value: string;
  readonly count: number;
}

export interface Aligned extends AlignValue {
  /** Best first, each concept once. */
  readonly suggestions: readonly AlignSuggestion[];
  /** Whether the first is meant beyond doubt: it may be taken without reading. */
  readonly isSure: boolean;
  /** Whether several terms stand in the value: one row would need several concepts. */
  readonly isSeveral: boolean;
  /** What was decided of it in this very source; undefined: nothing. Null: none of them. */
  readonly decided: Concept | null | undefined;
}

/** Concepts prepared for aligning: made once, asked for each value. */
export interface Aligner {
  readonly thesaurus: Thesaurus;
  /** Names that read the same in the singular, without accents and articles. */
  readonly names: ReadonlyMap<string, readonly AlignName[]>;
  readonly byLetters: AlikeNames;
  readonly byWords: AlikeNames;
}

/** As many as a person reads before they search by themselves. */
const SHOWN = 5;
/** A concept has several names: more names are read than concepts shown. */
const READ = 10;
/** Alike enough to be worth reading: a letter or two wrong, a word more. */
const LEAST_LIKENESS = 0.4;
/** Words in common, by their weight: half of what both say, or nearly. */
const LEAST_SHARED = 0.3;
/** What is only alike stays behind what says the same; whole words behind it tell a little more than letters. */
const WORTH = { trigram: 0.65, part: 0.7 } as const;
const DECIDED = { own: 1, elsewhere: 0.99 } as const;
const CONCEPTS_IN_A_STEP = 25;
/** "Élémentaire" tells more than "établissement". */
const byRarity: Weigh = (having, all) => Math.log(1 + all / (1 + having));

/** Prepares the concepts of one scheme, deprecated ones with them: they answer what replaced them. */
export function buildAligner(concepts: Iterable<Concept>): Aligner {
  const steps = alignerSteps(concepts);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** The same in short steps, for who must answer meanwhile; the last one brings it. */
export function* alignerSteps(concepts: Iterable<Concept>): Generator<undefined, Aligner, undefined> {
  const all = [...concepts];
  const thesaurus = thesaurusOf(all);
  const names = new Map<string, AlignName[]>();
  const byLetters = new AlikeNames(trigramsOf);
  const byWords = new AlikeNames((stem) => new Set(stem.split(' ')), byRarity);
  for (const [place, concept] of all.entries()) {
    for (const name of namesOf(concept, thesaurus)) {
      const { stem } = name.forms;
      if (stem === '') continue;
      const same = names.get(stem);
      const isNew = !same?.some((one) => one.concept === name.concept);
      if (same) same.push(name);
      else names.set(stem, [name]);
      if (!isNew || name.kind === 'match') continue;
      byLetters.add(name);
      byWords.add(name);
    }
    if (place % CONCEPTS_IN_A_STEP === 0) yield;
  }
  return { thesaurus, names, byLetters, byWords };
}

/** What a value may mean. Pure: the same question has the same answer, whatever was asked before. */
export function alignValue(aligner: Aligner, { value, count }: AlignValue, before: DecidedBefore): Aligned {
  const { own, others, isNoneElsewhere } = before.of(value);
  const decided = (concept: Concept, score: number): AlignSuggestion => ({
    concept,
    why: 'decided',
    matched: null,
    score,
  });
  const found = [
    ...(own ? [decided(own, DECIDED.own)] : []),
    ...others.map((concept) => decided(concept, DECIDED.elsewhere)),
  ];
  const whole = wholeOf(aligner.names, value);
  const parts = whole.isSure
    ? { suggestions: [], isSeveral: false, agreed: false }
    : partsOf(aligner.names, value);
  const read = whole.suggestions.length > 0 ? whole.isSure : parts.agreed;
  const alike = whole.isSure || parts.agreed ? [] : alikeTo(aligner, value);
  const suggestions = best([...found, ...whole.suggestions, ...parts.suggestions, ...alike]);
  const agreed = others.length === 1 && !isNoneElsewhere;
  const isSure = own === null ? false : own ? true : others.length > 0 || isNoneElsewhere ? agreed : read;
  const isSeveral = whole.suggestions.length === 0 && parts.isSeveral;
  return { value, count, suggestions, isSure, isSeveral, decided: own };
}

function alikeTo({ byLetters, byWords }: Aligner, value: string): AlignSuggestion[] {
  const { stem } = formsOf(value);
  if (stem === '') return [];
  return [
    ...told(byWords.find(stem, LEAST_SHARED, READ), 'part', WORTH.part),
    ...told(byLetters.find(stem, LEAST_LIKENESS, READ), 'trigram', WORTH.trigram),
  ];
}

function told(found: readonly Alike[], why: AlignWhy, worth: number): AlignSuggestion[] {
  return found.map(({ name, share }) => ({
    concept: name.concept,
    why,
    matched: name.text,
    score: share * worth,
  }));
}

/** Each concept once, for its best reason; of equal ones the first found stays first. */
function best(suggestions: readonly AlignSuggestion[]): AlignSuggestion[] {
  const kept = new Map<string, AlignSuggestion>();
  for (const one of suggestions) {
    const known = kept.get(one.concept.id);
    if (!known || known.score < one.score) kept.set(one.concept.id, one);
  }
  return [...kept.values()].sort((a, b) => b.score - a.score).slice(0, SHOWN);
}
