import type { AlignName } from './align-names.ts';
import type { AlignSuggestion, AlignWhy } from './align-suggestion.ts';
import { type Forms, formsOf, termsIn, unannounced } from './align-words.ts';

type Names = ReadonlyMap<string, readonly AlignName[]>;

/** What a text says when all of it is read. */
export interface Reading {
  readonly suggestions: readonly AlignSuggestion[];
  readonly isSure: boolean;
}

/** What the parts of a text say, where the whole is no term. */
export interface PartReading {
  readonly suggestions: readonly AlignSuggestion[];
  /** Several terms, each whole, that mean different things. */
  readonly isSeveral: boolean;
  /** Every part says the same. */
  readonly agreed: boolean;
}

/** How closely a name answers: names of one grade contradict each other, a better grade silences a lesser. */
const GRADE = { accents: 4, letters: 3, words: 2, singular: 1 } as const;
const SCORES: Record<number, number> = {
  [GRADE.accents]: 0.98,
  [GRADE.letters]: 0.94,
  [GRADE.words]: 0.92,
  [GRADE.singular]: 0.9,
};
/** Of equals, a label goes before a synonym, and both before a match of another vocabulary. */
const KIND_COSTS = { label: 0, synonym: 0.01, match: 0.02 } as const;
/** What suggests and may not decide is worth so much less. */
const LOOSE = 0.76;
/** One of several terms; a run of words, at most. */
const OF_SEVERAL = 0.8;
const OF_WORDS = 0.75;
/** A longer value is a sentence: its runs of words would be too many, and what it is about stands first. */
const WORDS_READ = 10;

/** Reads all of a value, then all but what announces or numbers it ("Type : lavoir", "Lavoir n° 3"). */
export function wholeOf(names: Names, value: string): Reading {
  const reading = readWhole(names, formsOf(value));
  if (reading.suggestions.length > 0) return reading;
  const rest = unannounced(value);
  return rest === null ? reading : readWhole(names, formsOf(rest));
}

function readWhole(names: Names, forms: Forms): Reading {
  const graded = (names.get(forms.stem) ?? []).map((name) => ({ name, grade: gradeOf(name.forms, forms) }));
  const firm = graded.filter(({ name }) => name.isFirm);
  const bestGrade = Math.max(0, ...firm.map(({ grade }) => grade));
  const meant = new Set(firm.filter(({ grade }) => grade === bestGrade).map(({ name }) => name.concept.id));
  return {
    suggestions: graded.map(({ name, grade }) => ({
      concept: name.concept,
      why: whyOf(name, grade, forms),
      matched: name.text,
      score: ((SCORES[grade] ?? 0) - KIND_COSTS[name.kind]) * (name.isFirm ? 1 : LOOSE),
    })),
    isSure: meant.size === 1,
  };
}

/** Accents tell two names apart only where the value has some: a table in capitals has lost them. */
function gradeOf(name: Forms, value: Forms): number {
  if (name.folded !== value.folded) return name.plain === value.plain ? GRADE.words : GRADE.singular;
  const hasAccents = /\p{Diacritic}/u.test(value.lower.normalize('NFD'));
  return hasAccents && name.lower === value.lower ? GRADE.accents : GRADE.letters;
}

function whyOf(name: AlignName, grade: number, value: Forms): AlignWhy {
  if (grade === GRADE.singular) return 'plural';
  if (name.kind === 'match') return 'match';
  return name.forms.lower === value.lower ? name.kind : 'folded';
}

/** Reads the terms that signs or words part, then every run of words. */
export function partsOf(names: Names, value: string): PartReading {
  const parts = termsIn(value);
  const readings = parts.length > 1 ? parts.map((part) => wholeOf(names, part)) : [];
  const sure = readings.filter(({ isSure }) => isSure);
  const meant = new Set(sure.map(({ suggestions }) => bestOf(suggestions).concept.id));
  const said = readings.flatMap(({ suggestions }) =>
    suggestions.map((one) => ({ ...one, why: 'part' as const, score: one.score * OF_SEVERAL })),
  );
  return {
    suggestions: [...said, ...runsOf(names, formsOf(value).stem)],
    isSeveral: meant.size > 1,
    agreed: readings.length > 0 && sure.length === readings.length && meant.size === 1,
  };
}

function bestOf(suggestions: readonly AlignSuggestion[]): AlignSuggestion {
  return suggestions.reduce((best, one) => (one.score > best.score ? one : best));
}

/** Names inside a value, word by word: the longer and the earlier, the better ("fontaine Saint-Jean"). */
function runsOf(names: Names, stem: string): AlignSuggestion[] {
  const words = stem.split(' ').slice(0, WORDS_READ);
  const found: AlignSuggestion[] = [];
  for (let from = 0; from < words.length; from++) {
    for (let to = words.length; to > from; to--) {
      if (to - from === words.length) continue;
      const share = (to - from) / words.length;
      const earliness = 1 - from / words.length;
      for (const name of names.get(words.slice(from, to).join(' ')) ?? []) {
        const score = OF_WORDS * (0.7 + 0.15 * share + 0.15 * earliness) * (name.isFirm ? 1 : LOOSE);
        found.push({ concept: name.concept, why: 'part', matched: name.text, score });
      }
    }
  }
  return found;
}
