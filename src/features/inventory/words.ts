import { m } from '../../i18n/generated/messages.js';
import { labelOf } from '../../i18n/phrases.ts';
import { problemWords } from '../../i18n/problem-words.ts';
import { reasonWords } from '../../i18n/words.ts';
import type { OwnReason } from '../../state/theme-rules.svelte.ts';
import type { TermChange } from '../../state/vocabulary-versions.svelte.ts';

const DECISIONS: Readonly<Record<string, () => string>> = {
  publish: m.inventory_decision_publish,
  to_complete: m.inventory_decision_to_complete,
  reject: m.inventory_decision_reject,
  duplicate: m.inventory_decision_duplicate,
  archive: m.inventory_decision_archive,
  destroy: m.inventory_decision_destroy,
  restore: m.inventory_decision_restore,
  dismiss: m.inventory_decision_dismiss,
};

/** Decisions that a message may go with, in words. */
export function decisionOptions(): { value: string; label: string }[] {
  return Object.entries(DECISIONS).map(([value, words]) => ({ value, label: words() }));
}

/** What a message goes with: `Refuser, hors sujet`; empty for any. */
export function purposeWords(
  { decision, reason }: { decision?: string | null | undefined; reason?: string | null | undefined },
  own: readonly OwnReason[],
): string {
  const because = reason ? ownReasonWords(reason, own) : '';
  return [decision ? (DECISIONS[decision]?.() ?? decision) : '', because].filter(Boolean).join(', ');
}

/** A reason in words: the theme's own, else that of everywhere. */
export function ownReasonWords(code: string, own: readonly OwnReason[]): string {
  const mine = own.find((one) => one.code === code);
  return mine ? labelOf(mine.labels) : reasonWords(code);
}

const CHANGES: Readonly<Record<TermChange['kind'], (of: { name: string }) => string>> = {
  added: m.inventory_change_added,
  removed: m.inventory_change_removed,
  deprecated: m.inventory_change_deprecated,
  restored: m.inventory_change_restored,
  changed: m.inventory_change_changed,
};

/** What changes of a term: `Ajouté : Croix neuve`. */
export function changeWords(kind: TermChange['kind'], name: string): string {
  return CHANGES[kind]({ name });
}

/** A refusal to change a rule: what goes beyond one's territories is the rule itself, which holds on all of them. */
export function refusalWords(code: string): string {
  return code === 'beyond_scope' ? m.inventory_whole_group() : problemWords(code);
}
