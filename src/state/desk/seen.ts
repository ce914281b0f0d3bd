import type { OutboxRow } from '../../db/rows.ts';
import type { DecideMutation } from '../../domain/mutation.ts';
import { type Act, standing } from './acts.ts';

/** What a decision says that its moderator saw. */
export type Seen = Pick<DecideMutation, 'seen_rev' | 'seen_after'>;

/**
 * What was seen: the point as it was (`rev`), or as it is after a decision of this device on the same that goes before.
 * That one may be on its way (`rows`), or have arrived since the point was read (`acts`): what its own moderator did is
 * no news to them.
 */
export function seenOf(pointId: string, rev: number, rows: readonly OutboxRow[], acts: readonly Act[]): Seen {
  let after: string | null = null;
  for (const mutation of decisionsOn(pointId, rows, acts)) {
    const follows = after !== null && mutation.seen_after === after;
    if (mutation.seen_rev === rev || follows) after = mutation.mutation_id;
  }
  return after === null ? { seen_rev: rev } : { seen_after: after };
}

/** Decisions on a point that stand, in their order: those of before the app started have not arrived. */
function decisionsOn(
  pointId: string,
  rows: readonly OutboxRow[],
  acts: readonly Act[],
): readonly DecideMutation[] {
  const refused = rows.filter(({ state }) => state === 'refused').map(({ mutation_id }) => mutation_id);
  const taken = standing(acts, refused).flatMap((act) => act.taken.map(({ mutation }) => mutation));
  const lately = new Set(taken.map(({ mutation_id }) => mutation_id));
  const before = rows.flatMap(({ mutation, state }) =>
    mutation.kind === 'decide' && state === 'queued' && !lately.has(mutation.mutation_id) ? [mutation] : [],
  );
  return [...before, ...taken].filter(({ point_id }) => point_id === pointId);
}
