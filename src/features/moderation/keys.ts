import type { Decision } from '../../domain/decision.ts';

/** Single keys of the desk; they work only while the queue or the item holds the focus (WCAG 2.1.4). */
export const KEYS = {
  next: 'J',
  previous: 'K',
  correct: 'E',
  photos: 'P',
  comment: 'M',
  together: 'L',
  undo: 'Z',
  help: '?',
} as const;
export type Deed = keyof typeof KEYS;

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

const DEEDS = Object.keys(KEYS) as Deed[];
/** What a key that is held down does again and again; anything else takes a press of its own. */
const REPEATED: readonly (Deed | Decision)[] = ['next', 'previous'];

/** What a key press asks for; null when it is meant for a control, or for nobody. */
export function deedOf(event: KeyboardEvent, decisions: readonly Decision[]): Deed | Decision | null {
  if (isTyping(event)) return null;
  const key = event.key.toUpperCase();
  const decision = decisions.find((one) => DECISION_KEYS[one] === key);
  const deed = decision ?? DEEDS.find((one) => KEYS[one] === key) ?? null;
  return deed !== null && event.repeat && !REPEATED.includes(deed) ? null : deed;
}

/** What a key asks for while a lot is gathered: keys that act on the item beside it rest meanwhile. */
export function deedInLot(event: KeyboardEvent): 'undo' | 'help' | 'end' | null {
  if (isTyping(event)) return null;
  if (event.key === 'Escape') return 'end';
  const deed = deedOf(event, []);
  return deed === 'undo' || deed === 'help' ? deed : null;
}

function isTyping(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return true;
  const target = event.target as HTMLElement | null;
  return target?.closest('input:not([type=checkbox]):not([type=radio]), textarea, select, dialog') != null;
}
