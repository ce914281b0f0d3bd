import type { Problem } from '../../domain/problems.ts';
import { parseJson } from '../../domain/json.ts';
import type { FieldFault, Refusal } from '../../domain/thesaurus/operations.ts';
import { m } from '../../i18n/generated/messages.js';
import { languageName } from '../../i18n/phrases.ts';
import { problemWords } from '../../i18n/problem-words.ts';

const REFUSALS: Readonly<Record<Refusal, (of: { term: string }) => string>> = {
  itself: m.vocabulary_refusal_itself,
  already_there: m.vocabulary_refusal_already_there,
  below: m.vocabulary_refusal_below,
  deprecated: m.vocabulary_refusal_deprecated,
  target_deprecated: m.vocabulary_refusal_target_deprecated,
  in_use: m.vocabulary_refusal_in_use,
  unknown: m.vocabulary_refusal_unknown,
};

/** Why an action is not possible: `term` is the one it is about. */
export function refusalWords(refusal: Refusal, term: string): string {
  return REFUSALS[refusal]({ term });
}

const FIELDS: Readonly<Record<string, () => string>> = {
  labels: m.vocabulary_field_label,
  alt: m.vocabulary_field_alt,
  hidden: m.vocabulary_field_hidden,
  definition: m.vocabulary_field_definition,
  scope_note: m.vocabulary_field_scope_note,
  example: m.vocabulary_field_example,
  change_note: m.vocabulary_field_change_note,
  notation: m.vocabulary_field_notation,
  related: m.vocabulary_field_related,
  unverified: m.vocabulary_field_unverified,
  broader: m.vocabulary_field_broader,
  status: m.vocabulary_field_status,
  'matches.exact': m.vocabulary_field_exact,
  'matches.close': m.vocabulary_field_close,
  'matches.broad': m.vocabulary_field_broad,
  'matches.unverified': m.vocabulary_field_match_unverified,
};

/** The name of a field, without its language: `Définition`. */
export function fieldName(path: string): string {
  const [kind = ''] = path.split('.');
  return (FIELDS[path] ?? FIELDS[kind])?.() ?? path;
}

/** A field with its language: `Définition (occitan)`. */
export function fieldWords(path: string): string {
  const [kind = '', language] = path.split('.');
  if (kind === 'matches' || language === undefined) return fieldName(path);
  return m.vocabulary_field_in({ field: fieldName(path), language: languageName(language) });
}

const FAULTS: Readonly<Record<string, () => string>> = {
  no_label: m.vocabulary_fault_no_label,
  blank_label: m.vocabulary_fault_blank_label,
  labels_meet: m.vocabulary_fault_labels_meet,
  cycle: m.vocabulary_fault_cycle,
  other_scheme: m.vocabulary_fault_other_scheme,
  dangling_related: m.vocabulary_fault_dangling_related,
  related_above: m.vocabulary_fault_related_above,
  replacement_cycle: m.vocabulary_fault_cycle,
};

/** What the person's own words are at fault of, before anything is sent. */
export function fieldFaultWords(fault: FieldFault): string {
  return FAULTS[fault.code]?.() ?? fault.code;
}

/** What went wrong with an edit: what the server says of the terms, in words, else what the problem is. */
export function faultWords({ code, details, recovery }: Problem): string {
  if (code === 'invalid_concept') {
    const fault = /: (\w+)/.exec(details ?? '')?.[1] ?? '';
    return FAULTS[fault]?.() ?? m.vocabulary_fault_other({ details: details ?? '' });
  }
  if (code === 'invalid_argument' && details) return m.vocabulary_fault_other({ details });
  if (code === 'concept_moved') {
    const field = movedField(details);
    return field ? m.vocabulary_moved_field({ field: fieldWords(field) }) : problemWords(code);
  }
  if (recovery === 'wait_network') return m.vocabulary_not_sent();
  return problemWords(code);
}

function movedField(details: string | undefined): string | null {
  const told = parseJson(details ?? '');
  if (typeof told !== 'object' || told === null) return null;
  const { field } = told as { field?: unknown };
  return typeof field === 'string' ? field : null;
}
