import type { DeskConcept } from '../../domain/thesaurus/desk-concept.ts';
import { conceptLabel } from '../../domain/thesaurus/label.ts';
import type { TermAction } from '../../domain/thesaurus/operations.ts';
import { formatNumber } from '../../i18n/format.ts';
import { m } from '../../i18n/generated/messages.js';
import { getLocale } from '../../i18n/locale.ts';
import { labelOf, plural } from '../../i18n/phrases.ts';
import type { EditOutcome, VocabularyDesk } from '../../state/vocabulary-desk.svelte.ts';

type Told = Pick<VocabularyDesk, 'terms' | 'usesOf'>;

/** Names told one by one; the others are counted. */
const NAMES_TOLD = 5;

/** What an action would do, line by line: the term itself, its points, the terms below and beside it. */
export function whatIfWords(action: TermAction, tried: EditOutcome, desk: Told): string[] {
  const name = (id: string) => {
    const term = desk.terms.get(id) ?? tried.after.find((one) => one.id === id);
    return term ? conceptLabel(term, getLocale()) : id;
  };
  return [
    ...termLines(action, tried, name),
    ...pointLines(action, tried, desk, name),
    ...aroundLines(action, tried, name),
  ];
}

type Name = (id: string) => string;

function termLines(action: TermAction, { after }: EditOutcome, name: Name): string[] {
  switch (action.action) {
    case 'create': {
      const made = after[0];
      const term = labelOf(action.concept.labels);
      const line = action.concept.broader
        ? m.vocabulary_if_create({ term, above: name(action.concept.broader) })
        : m.vocabulary_if_create_top({ term });
      return made ? [line, m.vocabulary_if_id({ id: made.id })] : [line];
    }
    case 'move': {
      const said = { term: name(action.concept), above: action.broader === null ? '' : name(action.broader) };
      return [action.broader === null ? m.vocabulary_if_move_top(said) : m.vocabulary_if_move(said)];
    }
    case 'merge':
      return [m.vocabulary_if_merge({ term: name(action.concept), into: name(action.into) })];
    case 'split': {
      const terms = action.into.map(({ labels }) => quoted(labelOf(labels))).join(', ');
      return [m.vocabulary_if_split({ term: name(action.concept), terms })];
    }
    case 'deprecate': {
      const term = name(action.concept);
      if (action.replaced_by === undefined) return [m.vocabulary_if_deprecate({ term })];
      return [m.vocabulary_if_replace({ term, into: name(action.replaced_by) })];
    }
    case 'restore':
      return [m.vocabulary_if_restore({ term: name(action.concept) })];
    case 'change':
      return [m.vocabulary_if_change({ term: name(action.concept) })];
  }
}

function pointLines(action: TermAction, { points }: EditOutcome, desk: Told, name: Name): string[] {
  const into =
    action.action === 'merge' ? action.into : action.action === 'deprecate' ? action.replaced_by : undefined;
  if (into !== undefined) {
    const said = { count: formatNumber(points), term: name(into) };
    if (points === 0) return [m.vocabulary_if_no_point()];
    return [plural(points, m.vocabulary_if_point(said), m.vocabulary_if_points(said))];
  }
  if (action.action === 'create' || action.action === 'restore') return [];
  const uses = desk.usesOf(action.concept);
  if (uses === 0) return [m.vocabulary_if_no_point()];
  const said = { count: formatNumber(uses), term: name(action.concept) };
  if (action.action === 'split')
    return [plural(uses, m.vocabulary_if_stay_split_one(said), m.vocabulary_if_stay_split(said))];
  return [plural(uses, m.vocabulary_if_stay_one(said), m.vocabulary_if_stay(said))];
}

/** Other terms that go elsewhere, or are no longer related to the same. */
function aroundLines(action: TermAction, { before, after }: EditOutcome, name: Name): string[] {
  if (action.action === 'create' || action.action === 'split') return [];
  const was = new Map(before.map((one) => [one.id, one]));
  const moved = new Map<string | null, DeskConcept[]>();
  let touched = 0;
  for (const term of after) {
    if (term.id === action.concept) continue;
    if (action.action === 'merge' && term.id === action.into) continue;
    if (was.get(term.id)?.broader === term.broader) touched++;
    else moved.set(term.broader, [...(moved.get(term.broader) ?? []), term]);
  }
  const lines: string[] = [...moved].map(([above, terms]) => {
    const said = { terms: listed(terms), above: above === null ? '' : name(above) };
    return above === null ? m.vocabulary_if_below_top(said) : m.vocabulary_if_below(said);
  });
  if (touched > 0)
    lines.push(plural(touched, m.vocabulary_if_touched_one(), m.vocabulary_if_touched({ count: touched })));
  return lines;
}

function listed(terms: readonly DeskConcept[]): string {
  const names = terms.slice(0, NAMES_TOLD).map((term) => quoted(conceptLabel(term, getLocale())));
  const more = terms.length - names.length;
  return more > 0 ? m.vocabulary_and_more({ terms: names.join(', '), count: more }) : names.join(', ');
}

function quoted(name: string): string {
  return m.vocabulary_quoted({ name });
}
