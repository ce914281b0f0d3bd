import type { AlignStand } from '../../domain/thesaurus/align-coverage.ts';
import type { AlignSuggestion } from '../../domain/thesaurus/align-suggestion.ts';
import { conceptLabel } from '../../domain/thesaurus/label.ts';
import { numberFormat } from '../../i18n/formatters.ts';
import { m } from '../../i18n/generated/messages.js';
import { getLocale } from '../../i18n/locale.ts';
import { plural } from '../../i18n/phrases.ts';
import type { AlignRow } from '../../state/alignment.svelte.ts';

const STANDS: Readonly<Record<AlignStand, () => string>> = {
  mapped: m.vocabulary_align_stand_mapped,
  none: m.vocabulary_align_stand_none,
  proposed: m.vocabulary_align_stand_proposed,
  sure: m.vocabulary_align_stand_sure,
  doubtful: m.vocabulary_align_stand_doubtful,
  unknown: m.vocabulary_align_stand_unknown,
};

/** Where a value stands, in words. */
export const standWords = (stand: AlignStand): string => STANDS[stand]();

/** Why a term is suggested, in words. */
export function whyWords({ why, matched }: AlignSuggestion): string {
  const word = matched ?? '';
  if (why === 'match') return m.vocabulary_align_why_match({ word });
  if (why === 'part') return m.vocabulary_align_why_part({ word });
  if (why === 'trigram') return m.vocabulary_align_why_trigram({ word });
  return {
    decided: m.vocabulary_align_why_decided,
    label: m.vocabulary_align_why_label,
    synonym: m.vocabulary_align_why_synonym,
    folded: m.vocabulary_align_why_folded,
    plural: m.vocabulary_align_why_plural,
  }[why]();
}

/** `12 lignes`. */
export function rowsWords(count: number): string {
  return plural(count, m.vocabulary_align_rows_one(), m.vocabulary_align_rows({ count: figure(count) }));
}

/** `1 204`, as the language writes it. */
export const figure = (count: number): string => numberFormat({}).format(count);

/** `81 %`: never a whole that is not one. */
export function percentWords(share: number): string {
  return numberFormat({ style: 'percent', maximumFractionDigits: 0, roundingMode: 'floor' }).format(share);
}

const FILTERS = ['todo', 'sure', 'doubtful', 'unknown', 'decided', 'all'] as const;
export type AlignFilter = (typeof FILTERS)[number];

const FILTER_WORDS: Readonly<Record<AlignFilter, (of: { count: string }) => string>> = {
  todo: m.vocabulary_align_filter_todo,
  sure: m.vocabulary_align_filter_sure,
  doubtful: m.vocabulary_align_filter_doubtful,
  unknown: m.vocabulary_align_filter_unknown,
  decided: m.vocabulary_align_filter_decided,
  all: m.vocabulary_align_filter_all,
};

/** Whether a filter shows what stands so. */
export function shows(filter: AlignFilter, stand: AlignStand): boolean {
  const isDecided = stand === 'mapped' || stand === 'none' || stand === 'proposed';
  if (filter === 'all') return true;
  return filter === 'todo' ? !isDecided : filter === 'decided' ? isDecided : filter === stand;
}

/** The filters with how many values each shows. */
export function filterOptions(rows: readonly AlignRow[]): { value: AlignFilter; label: string }[] {
  return FILTERS.map((value) => {
    const count = rows.filter(({ stand }) => shows(value, stand)).length;
    return { value, label: FILTER_WORDS[value]({ count: figure(count) }) };
  });
}

/** The table of an alignment, as it is downloaded. */
export function tableOf(rows: readonly AlignRow[]): { header: string[]; cells: (string | number)[][] } {
  const header = [
    m.vocabulary_align_csv_value(),
    m.vocabulary_align_csv_rows(),
    m.vocabulary_align_csv_stand(),
    m.vocabulary_align_csv_concept(),
    m.vocabulary_align_csv_term(),
    m.vocabulary_align_csv_uri(),
    m.vocabulary_align_csv_why(),
  ];
  const cells = rows.map((row) => {
    const isOpen = row.stand === 'sure' || row.stand === 'doubtful';
    const suggestion = isOpen ? row.suggestions[0] : undefined;
    const concept = row.decided ?? suggestion?.concept;
    const term = concept ? [concept.id, conceptLabel(concept, getLocale()), concept.uri ?? ''] : ['', '', ''];
    return [row.value, row.count, standWords(row.stand), ...term, suggestion ? whyWords(suggestion) : ''];
  });
  return { header, cells };
}
