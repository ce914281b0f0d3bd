import { LANGUAGES } from '../language.ts';
import type { DeskTerms } from './desk-concept.ts';
import { listAt, type TermFields, textAt } from './fields.ts';
import { fold } from './fold.ts';

/** A name of another term that is the same but for case and accents. */
export interface Namesake {
  readonly path: string;
  readonly concept: string;
  /** As the other term writes it. */
  readonly text: string;
}

interface Named {
  readonly concept: string;
  readonly text: string;
  readonly language: string;
}

const NAMES = new WeakMap<DeskTerms, ReadonlyMap<string, readonly Named[]>>();

/** Names of the terms in use by their folded text: gathered once for each state of a vocabulary. */
function namesOf(terms: DeskTerms): ReadonlyMap<string, readonly Named[]> {
  const known = NAMES.get(terms);
  if (known) return known;
  const names = new Map<string, Named[]>();
  for (const { id, status, labels, alt } of terms.values()) {
    if (status !== 'accepted') continue;
    for (const language of LANGUAGES) {
      for (const text of [labels[language] ?? '', ...(alt[language] ?? [])]) {
        const folded = fold(text);
        if (!folded) continue;
        const same = names.get(folded);
        if (same) same.push({ concept: id, text, language });
        else names.set(folded, [{ concept: id, text, language }]);
      }
    }
  }
  NAMES.set(terms, names);
  return names;
}

/**
 * Names that somebody typed and that another term has already, in the same language: to be looked at, not refused. At
 * most one for each other term and path.
 */
export function namesakes(terms: DeskTerms, typed: TermFields, self: string | null): Namesake[] {
  const names = namesOf(terms);
  const found = new Map<string, Namesake>();
  for (const language of LANGUAGES) {
    const paths = [
      [`labels.${language}`, [textAt(typed, `labels.${language}`)]],
      [`alt.${language}`, listAt(typed, `alt.${language}`)],
    ] as const;
    for (const [path, words] of paths) {
      for (const word of words) {
        for (const { concept, text, language: theirs } of names.get(fold(word)) ?? []) {
          if (concept === self || theirs !== language) continue;
          found.set(`${path} ${concept}`, { path, concept, text });
        }
      }
    }
  }
  return [...found.values()];
}
