import type { Decision } from '../../domain/decision.ts';
import { m } from '../../i18n/generated/messages.js';

const WORDS: Readonly<Record<Decision, () => string>> = {
  publish: m.moderation_publish,
  to_complete: m.moderation_to_complete,
  duplicate: m.moderation_duplicate,
  reject: m.moderation_reject,
  dismiss: m.moderation_dismiss,
  destroy: m.moderation_destroy,
  archive: m.moderation_archive,
  restore: m.moderation_restore,
};

const DONE: Readonly<Record<Decision, (name: { name: string }) => string>> = {
  publish: m.moderation_done_publish,
  to_complete: m.moderation_done_to_complete,
  duplicate: m.moderation_done_duplicate,
  reject: m.moderation_done_reject,
  dismiss: m.moderation_done_dismiss,
  destroy: m.moderation_done_destroy,
  archive: m.moderation_done_archive,
  restore: m.moderation_done_restore,
};

/** A decision as its button says it. */
export function decisionWords(decision: Decision): string {
  return WORDS[decision]();
}

/** What was just done, for the message that offers to take it back. */
export function doneWords(decision: Decision, name: string): string {
  return DONE[decision]({ name });
}
