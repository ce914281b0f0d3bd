import { LANGUAGES } from '../language.ts';
import type { DeskConcept, DeskTerms } from './desk-concept.ts';
import { type FieldChange, listAt, type TermFields, textAt } from './fields.ts';
import { ancestors } from './tree.ts';

/** What a new term is made from; its id is made by the server from its French label. */
export interface NewTerm {
  readonly labels: Readonly<Record<string, string>>;
  readonly alt?: Readonly<Record<string, readonly string[]>>;
  readonly definition?: Readonly<Record<string, string>>;
  readonly broader?: string | null;
}

/** One edit of a vocabulary, as `thesaurus_edit` takes it beside its id, its scheme and its note. */
export type TermAction =
  | { readonly action: 'create'; readonly concept: NewTerm }
  | {
      readonly action: 'change';
      readonly concept: string;
      readonly fields: Readonly<Record<string, FieldChange>>;
    }
  | {
      readonly action: 'move';
      readonly concept: string;
      readonly from: string | null;
      readonly broader: string | null;
    }
  | { readonly action: 'merge'; readonly concept: string; readonly into: string }
  | { readonly action: 'split'; readonly concept: string; readonly into: readonly NewTerm[] }
  | { readonly action: 'deprecate'; readonly concept: string; readonly replaced_by?: string }
  | { readonly action: 'restore'; readonly concept: string };

/** Why an action on a term is not possible. */
export type Refusal =
  'itself' | 'already_there' | 'below' | 'deprecated' | 'target_deprecated' | 'in_use' | 'unknown';

const isUsed = (concept: DeskConcept) => concept.status === 'accepted';

/** Why nothing of this kind can be done with a term that is used no more, or is not known; null when it can. */
export function useRefusal(concept: DeskConcept | undefined): Refusal | null {
  if (!concept) return 'unknown';
  return isUsed(concept) ? null : 'deprecated';
}

/** Why a term cannot go under another, or to the top with null; null when it can. */
export function moveRefusal(terms: DeskTerms, id: string, under: string | null): Refusal | null {
  const concept = terms.get(id);
  const refused = useRefusal(concept);
  if (refused) return refused;
  if (concept?.broader === under) return 'already_there';
  if (under === null) return null;
  return targetRefusal(terms, id, under) ?? (ancestors(terms, under).includes(id) ? 'below' : null);
}

/**
 * Why a term cannot be merged into another; null when it can. Into what lies directly below it, it can: that one goes
 * up. Further below, what lies between would end up both above and below.
 */
export function mergeRefusal(terms: DeskTerms, id: string, into: string): Refusal | null {
  const refused = useRefusal(terms.get(id)) ?? targetRefusal(terms, id, into);
  if (refused) return refused;
  return ancestors(terms, into).indexOf(id) > 0 ? 'below' : null;
}

/** Why a term cannot be replaced by another; null when it can. */
export function replaceRefusal(terms: DeskTerms, id: string, by: string): Refusal | null {
  return useRefusal(terms.get(id)) ?? targetRefusal(terms, id, by);
}

/** Why a term cannot be used again; null when it can. */
export function restoreRefusal(concept: DeskConcept | undefined): Refusal | null {
  if (!concept) return 'unknown';
  return isUsed(concept) ? 'in_use' : null;
}

function targetRefusal(terms: DeskTerms, id: string, target: string): Refusal | null {
  if (id === target) return 'itself';
  const other = terms.get(target);
  if (!other) return 'unknown';
  return isUsed(other) ? null : 'target_deprecated';
}

/** A fault of what somebody typed, by the path of the field where it is. */
export interface FieldFault {
  readonly path: string;
  /** `no_label`: no name in any language; `labels_meet`: two names of one language are the same. */
  readonly code: 'no_label' | 'labels_meet';
}

/** What the server would refuse of a term's own words: said before anything is sent. */
export function fieldFaults(fields: TermFields): FieldFault[] {
  const faults: FieldFault[] = [];
  if (LANGUAGES.every((language) => textAt(fields, `labels.${language}`).trim() === '')) {
    faults.push({ path: 'labels.fr', code: 'no_label' });
  }
  for (const language of LANGUAGES) {
    const taken = new Set([textAt(fields, `labels.${language}`).trim()]);
    for (const kind of ['alt', 'hidden'] as const) {
      const path = `${kind}.${language}`;
      const words = new Set(
        listAt(fields, path)
          .map((word) => word.trim())
          .filter(Boolean),
      );
      if ([...words].some((word) => taken.has(word))) faults.push({ path, code: 'labels_meet' });
      for (const word of words) taken.add(word);
    }
  }
  return faults;
}
