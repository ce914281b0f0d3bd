import type { Decision } from '../../domain/decision.ts';
import type { DecideMutation } from '../../domain/mutation.ts';
import type { QueueItem } from '../../domain/queue-item.ts';

/** Decisions taken in one gesture: taken back in one. */
export interface Act {
  readonly decision: Decision;
  readonly taken: readonly { readonly item: QueueItem; readonly mutation: DecideMutation }[];
}

/** Decisions that have a way back in the table of transitions once they have arrived. */
const REVERSIBLE: readonly Decision[] = ['reject', 'to_complete', 'duplicate', 'archive', 'destroy'];

/** Refused photos do not come back, nor does what was proposed: the point itself did not change. */
export function isReversible({ item, mutation }: Act['taken'][number]): boolean {
  const isOfPoint = item.kind !== 'photo' && mutation.revision_id === undefined;
  return isOfPoint && REVERSIBLE.includes(mutation.decision);
}

/** Whether what is decided on a report answers that one alone: the others of the point may say something else. */
export function answersReport({
  decision,
  correction,
}: Pick<DecideMutation, 'decision' | 'correction'>): boolean {
  return decision === 'dismiss' || (decision === 'publish' && correction !== undefined);
}

/** What was decided, without what came back. */
export function standing(acts: readonly Act[], refused: readonly string[]): readonly Act[] {
  return acts.flatMap((act) => {
    const taken = act.taken.filter(({ mutation }) => !refused.includes(mutation.mutation_id));
    return taken.length > 0 ? [{ ...act, taken }] : [];
  });
}

/** A point of a lot, as it was seen, with the photos that waited then. */
export interface OfLot {
  readonly item: QueueItem;
  readonly rev: number;
  readonly photos?: string[] | undefined;
}
