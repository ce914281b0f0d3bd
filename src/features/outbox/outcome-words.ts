import type { Outcome } from '../../domain/outcome.ts';
import { m } from '../../i18n/generated/messages.js';
import { problemWords } from '../../i18n/problem-words.ts';
import { reasonWords, statusWords } from '../../i18n/words.ts';

const because = (words: string, reason: string | null) =>
  reason ? m.outbox_outcome_because({ outcome: words, reason: reasonWords(reason) }) : words;

const WORDS = {
  accepted: m.outbox_outcome_accepted,
  partly_accepted: m.outbox_outcome_partly_accepted,
  in_review: m.outbox_outcome_in_review,
  conflict: m.outbox_outcome_conflict,
  settled: m.outbox_outcome_settled,
  counted: m.outbox_outcome_counted,
  taken_back: m.outbox_outcome_taken_back,
  joined: m.outbox_outcome_joined,
  passed_on: m.outbox_outcome_passed_on,
  taken: m.outbox_outcome_taken,
  out_of_sight: m.outbox_outcome_out_of_sight,
} as const;

/** What became of a contribution, in a few words, with the reason where one was given. */
export function outcomeWords(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'refused_by_server':
      return problemWords(outcome.code ?? 'unknown');
    case 'point':
      return outcome.status === 'published'
        ? statusWords('published')
        : because(statusWords(outcome.status), outcome.reason);
    case 'refused':
      return because(m.outbox_outcome_refused(), outcome.reason);
    default:
      return WORDS[outcome.kind]();
  }
}

type Tone = 'ok' | 'heed' | 'danger' | 'plain';

/** How much an outcome asks of its reader. */
export function outcomeTone(outcome: Outcome): Tone {
  if (outcome.kind === 'point') {
    if (outcome.status === 'published') return 'ok';
    if (outcome.status === 'to_complete') return 'heed';
    return outcome.status === 'rejected' ? 'danger' : 'plain';
  }
  if (outcome.kind === 'accepted' || outcome.kind === 'taken' || outcome.kind === 'counted') return 'ok';
  if (outcome.kind === 'conflict' || outcome.kind === 'partly_accepted') return 'heed';
  return outcome.kind === 'refused' || outcome.kind === 'refused_by_server' ? 'danger' : 'plain';
}
