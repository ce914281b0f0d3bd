import type { Decision } from '../../domain/decision.ts';

/** Single keys of the review; they work only while the review itself holds the focus (WCAG 2.1.4). */
export const KEYS = {
  next: 'J',
  previous: 'K',
  undo: 'Z',
  help: '?',
} as const;

/** The key that takes a decision. */
export const DECISION_KEYS: Readonly<Record<Decision, string>> = {
  publish: 'A',
  to_complete: 'C',
  duplicate: 'D',
  reject: 'R',
  dismiss: 'A',
  destroy: 'X',
  archive: 'S',
  restore: 'U',
};

/** Whether a key press is meant for a control rather than for the review. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return true;
  const target = event.target as HTMLElement | null;
  return target?.closest('input:not([type=checkbox]):not([type=radio]), textarea, select, dialog') != null;
}
