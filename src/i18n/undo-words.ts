import { m } from './generated/messages.js';

/** What a message offers that tells of something taken back: the way there again, or that it is too late for it. */
export function undoWords(
  back: () => Promise<boolean>,
  tell: (text: string, how: { readonly kind: 'error' }) => unknown,
): { readonly label: string; readonly run: () => void } {
  const isBack = () => back().catch(() => false);
  const tooLate = () => tell(m.capture_undo_too_late(), { kind: 'error' });
  return { label: m.capture_undo(), run: () => void isBack().then((inTime) => inTime || tooLate()) };
}
