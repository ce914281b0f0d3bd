import { ProblemError } from '../domain/problems.ts';
import type { SyncContext } from './context.ts';

/** Whom an answer names. */
interface Addressed {
  readonly epoch?: string | undefined;
  readonly user_id?: string | null | undefined;
}

/**
 * Nothing is kept or let go of on the word of an answer to somebody else, or of another life of the
 * server than `epoch`. Throws ProblemError `wrong_user`, `unreadable_answer`.
 */
export function mustSpeakToMe({ userId }: SyncContext, answer: Addressed, epoch: string): void {
  if (answer.user_id !== userId) throw new ProblemError('wrong_user', 'answer');
  if (answer.epoch !== epoch) throw new ProblemError('unreadable_answer', 'epoch changed');
}
