import { formatDay } from '../../i18n/format.ts';
import { m } from '../../i18n/generated/messages.js';
import { formatHour, labelOf, plural } from '../../i18n/phrases.ts';
import type { VocabularyEdit } from '../../state/vocabulary-desk.svelte.ts';

const TO: Readonly<Record<string, (of: { term: string; into: string }) => string>> = {
  merge: m.vocabulary_edit_merge,
  move: m.vocabulary_edit_move_under,
  deprecate: m.vocabulary_edit_replace,
  create: m.vocabulary_edit_create_under,
  answer: m.vocabulary_edit_answer,
};
const ALONE: Readonly<Record<string, (of: { term: string }) => string>> = {
  create: m.vocabulary_edit_create,
  change: m.vocabulary_edit_change,
  move: m.vocabulary_edit_move,
  merge: m.vocabulary_edit_merge_away,
  split: m.vocabulary_edit_split,
  deprecate: m.vocabulary_edit_deprecate,
  restore: m.vocabulary_edit_restore,
  answer: m.vocabulary_edit_answer,
};

/** What an edit does: `« Lavoir » fusionné dans « Fontaine »`. */
export function editWords({ action, labels, concept, concepts, touched, into }: VocabularyEdit): string {
  const count = touched ?? concepts.length;
  if (action === 'import')
    return plural(count, m.vocabulary_edit_import_one(), m.vocabulary_edit_import({ count }));
  const term = labelOf(labels) || concept || '';
  const to = TO[action];
  if (to && into) return to({ term, into: labelOf(into.labels) || into.id });
  return (ALONE[action] ?? m.vocabulary_edit_change)({ term });
}

/** When and by whom: `12 avril 2026, 14 h 05, Coline`. */
export function editedWords({ at, author, mine }: VocabularyEdit): string {
  const who = mine ? m.vocabulary_by_you() : author || m.vocabulary_by_somebody();
  return m.vocabulary_edited({ day: formatDay(at), hour: formatHour(at), who });
}

const STATES: Readonly<Record<VocabularyEdit['state'], () => string>> = {
  proposed: m.vocabulary_state_proposed,
  applied: m.vocabulary_state_applied,
  undone: m.vocabulary_state_undone,
  refused: m.vocabulary_state_refused,
};

/** What became of an edit, in a word. */
export function stateWords({ state, released }: VocabularyEdit): string {
  return released != null ? m.vocabulary_state_released({ number: released }) : STATES[state]();
}

/** Why an edit is not the person's to undo; null where it is, or where nothing is left to undo. */
export function undoRefusal(edit: VocabularyEdit, decides: boolean): string | null {
  if (edit.may_undo || edit.state === 'undone' || edit.state === 'refused') return null;
  if (edit.released != null) return m.vocabulary_undo_released({ number: edit.released });
  return decides ? m.vocabulary_undo_not_now() : m.vocabulary_undo_coordination();
}
