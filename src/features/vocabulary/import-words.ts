import type { FieldValue } from '../../domain/thesaurus/import-fields.ts';
import type { RowKind } from '../../domain/thesaurus/import-diff.ts';
import { m } from '../../i18n/generated/messages.js';
import { languageName } from '../../i18n/phrases.ts';
import type { ImportIssue } from '../../state/vocabulary-import.svelte.ts';

type About = (of: { detail: string }) => string;

const FAULTS: Readonly<Record<string, About>> = {
  unreadable_encoding: m.vocabulary_import_fault_unreadable_encoding,
  broken_syntax: m.vocabulary_import_fault_broken_syntax,
  xml_entities: m.vocabulary_import_fault_xml_entities,
  too_deep: m.vocabulary_import_fault_too_deep,
  remote_context: m.vocabulary_import_fault_remote_context,
  unknown_format: m.vocabulary_import_fault_unknown_format,
  no_concept: m.vocabulary_import_fault_no_concept,
  several_schemes: m.vocabulary_import_fault_several_schemes,
  too_many_concepts: m.vocabulary_import_fault_too_many_concepts,
  two_labels: m.vocabulary_import_fault_two_labels,
  no_label: m.vocabulary_import_fault_no_label,
  label_too_long: m.vocabulary_import_fault_label_too_long,
  text_too_long: m.vocabulary_import_fault_text_too_long,
  cycle: m.vocabulary_import_fault_cycle,
  replacement_cycle: m.vocabulary_import_fault_replacement_cycle,
  dangling_broader: m.vocabulary_import_fault_dangling_broader,
  address_not_https: m.vocabulary_import_fault_address_not_https,
  address_not_public: m.vocabulary_import_fault_address_not_public,
  address_unknown: m.vocabulary_import_fault_address_unknown,
  address_elsewhere: m.vocabulary_import_fault_address_elsewhere,
  address_too_large: m.vocabulary_import_fault_address_too_large,
  address_too_slow: m.vocabulary_import_fault_address_too_slow,
  address_status: m.vocabulary_import_fault_address_status,
  address_unreachable: m.vocabulary_import_fault_address_unreachable,
  address_is_a_page: m.vocabulary_import_fault_address_is_a_page,
};

const WARNINGS: Readonly<Record<string, About>> = {
  language_folded: m.vocabulary_import_warning_language_folded,
  unknown_language: m.vocabulary_import_warning_unknown_language,
  no_language: m.vocabulary_import_warning_no_language,
  labels_alike: m.vocabulary_import_warning_labels_alike,
  label_repeated: m.vocabulary_import_warning_label_repeated,
  blank_label: m.vocabulary_import_warning_blank_label,
  texts_joined: m.vocabulary_import_warning_texts_joined,
  several_broader: m.vocabulary_import_warning_several_broader,
  dangling_related: m.vocabulary_import_warning_dangling_related,
  related_above: m.vocabulary_import_warning_related_above,
  dangling_replacement: m.vocabulary_import_warning_dangling_replacement,
  replaced_though_accepted: m.vocabulary_import_warning_replaced_though_accepted,
  property_left_out: m.vocabulary_import_warning_property_left_out,
  column_left_out: m.vocabulary_import_warning_column_left_out,
  encoding_guessed: m.vocabulary_import_warning_encoding_guessed,
};

/** What is wrong, and what to do about it, with its line. */
export function faultWords({ code, line, detail = '', count }: ImportIssue): string {
  const words = FAULTS[code]?.({ detail });
  if (words === undefined) return m.vocabulary_import_fault_other({ code, detail });
  if (detail === '' && count !== undefined && code !== 'too_many_concepts') return moreWords(count);
  return atLine(words, line);
}

/** What is odd, with its line and how often. */
export function warningWords({ code, line, detail = '', count }: ImportIssue): string {
  const words = WARNINGS[code]?.({ detail });
  if (words === undefined) return m.vocabulary_import_fault_other({ code, detail });
  if (detail === '' && count !== undefined && code !== 'no_language') return moreWords(count);
  return atLine(count === undefined ? words : m.vocabulary_import_times({ words, count }), line);
}

const moreWords = (count: number) => m.vocabulary_import_more({ count });

function atLine(words: string, line: number | undefined): string {
  return line === undefined ? words : m.vocabulary_import_at_line({ line, words });
}

const FIELDS: Readonly<Record<string, () => string>> = {
  labels: m.vocabulary_import_field_labels,
  alt: m.vocabulary_import_field_alt,
  hidden: m.vocabulary_import_field_hidden,
  definition: m.vocabulary_import_field_definition,
  scope_note: m.vocabulary_import_field_scope_note,
  example: m.vocabulary_import_field_example,
  change_note: m.vocabulary_import_field_change_note,
  notation: m.vocabulary_import_field_notation,
  broader: m.vocabulary_import_field_broader,
  related: m.vocabulary_import_field_related,
  matches: m.vocabulary_import_field_matches,
  unverified: m.vocabulary_import_field_unverified,
  position: m.vocabulary_import_field_position,
  status: m.vocabulary_import_field_status,
};

/** The name of a field with its language: `Définition (occitan)`. */
export function fieldWords(path: string): string {
  const [name = '', language] = path.split('.');
  const field = FIELDS[name]?.() ?? name;
  if (language === undefined || name === 'matches') return field;
  return m.vocabulary_import_field_in({ field, language: languageName(language) });
}

/** What a field holds, in words; terms by the name that `nameOf` gives them. */
export function valueWords(path: string, value: FieldValue, nameOf: (id: string) => string): string {
  const [name = ''] = path.split('.');
  const parts = [value].flat().filter((one) => one !== null);
  if (parts.length === 0) return m.vocabulary_import_empty_value();
  const words = parts.map((part) => {
    if (name === 'broader' || name === 'related') return nameOf(String(part));
    if (name === 'unverified') return languageName(String(part));
    if (part === 'deprecated') return m.vocabulary_import_status_deprecated();
    return part === 'accepted' && name === 'status' ? m.vocabulary_import_status_accepted() : String(part);
  });
  return words.join(', ');
}

const KINDS: Readonly<Record<RowKind | 'all', (of: { count: number }) => string>> = {
  all: m.vocabulary_import_kind_all,
  conflict: m.vocabulary_import_kind_conflict,
  added: m.vocabulary_import_kind_added,
  changed: m.vocabulary_import_kind_changed,
  vanished: m.vocabulary_import_kind_vanished,
  same: m.vocabulary_import_kind_same,
};

/** Rows of a kind, with how many there are: `Modifiés (12)`. */
export function kindWords(kind: RowKind | 'all', count: number): string {
  return KINDS[kind]({ count });
}

const ROWS: Readonly<Record<RowKind, () => string>> = {
  added: m.vocabulary_import_row_added,
  changed: m.vocabulary_import_row_changed,
  conflict: m.vocabulary_import_row_conflict,
  vanished: m.vocabulary_import_row_vanished,
  same: m.vocabulary_import_row_same,
};

/** What happens to one term. */
export const rowWords = (kind: RowKind): string => ROWS[kind]();
