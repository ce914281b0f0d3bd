import type { Point, PointStatus } from './point.ts';

/** A receipt, as far as its outcome depends on it. */
export interface Receipt {
  readonly mutation_id: string;
  readonly kind: string;
  readonly status: 'applied' | 'merged' | 'pending' | 'conflict' | 'rejected';
  readonly code: string | null;
  /** Of a confirmation: whether the thing stands. */
  readonly found?: boolean;
}

/** What became of a contribution; `reason` is the moderators', `code` the server's. */
export type Outcome =
  | { readonly kind: 'refused_by_server'; readonly code: string | null }
  | { readonly kind: 'point'; readonly status: PointStatus; readonly reason: string | null }
  | { readonly kind: 'accepted' | 'partly_accepted' | 'in_review' | 'conflict' | 'settled' | 'counted' }
  | { readonly kind: 'refused'; readonly reason: string | null }
  | { readonly kind: 'taken_back' | 'joined' | 'passed_on' | 'taken' | 'out_of_sight' };

const PROPOSALS = {
  accepted: 'accepted',
  partly_accepted: 'partly_accepted',
  withdrawn: 'taken_back',
} as const;

/**
 * What became of something that the server received, from its receipt and from the point as this
 * device knows it now; a point that is no longer in sight says nothing.
 */
export function outcomeOf(receipt: Receipt, point: Point | null): Outcome {
  if (receipt.status === 'rejected') return { kind: 'refused_by_server', code: receipt.code };
  if (receipt.kind === 'comment') return { kind: 'passed_on' };
  // That it is gone is for the moderators to decide.
  if (receipt.kind === 'confirm') return { kind: receipt.found === false ? 'passed_on' : 'counted' };
  if (receipt.kind === 'withdraw') return { kind: 'taken_back' };
  if (receipt.kind === 'propose_term') return termOutcome(receipt.mutation_id, point);
  if (!point) return { kind: 'out_of_sight' };
  if (receipt.status === 'conflict') {
    const isOpen = point.conflicts.some((one) => one.mutation_id === receipt.mutation_id);
    return { kind: isOpen ? 'conflict' : 'settled' };
  }
  if (receipt.status === 'pending') return proposalOutcome(receipt.mutation_id, point);
  if (receipt.kind === 'create') {
    return { kind: 'point', status: point.status, reason: point.decision?.reason ?? null };
  }
  return { kind: 'taken' };
}

function termOutcome(mutationId: string, point: Point | null): Outcome {
  const state = point?.proposed_terms?.find((term) => term.mutation_id === mutationId)?.state;
  if (state === 'accepted') return { kind: 'accepted' };
  return state === 'refused' ? { kind: 'refused', reason: null } : { kind: 'passed_on' };
}

function proposalOutcome(revisionId: string, point: Point): Outcome {
  if (point.pending.some((one) => one.revision_id === revisionId)) return { kind: 'in_review' };
  const decided = point.proposals.find((one) => one.revision_id === revisionId);
  // A further proposal of the same person took it in (contract §3).
  if (!decided) return { kind: 'joined' };
  if (decided.state === 'refused') return { kind: 'refused', reason: decided.reason ?? null };
  const kind = PROPOSALS[decided.state as keyof typeof PROPOSALS] as
    (typeof PROPOSALS)[keyof typeof PROPOSALS] | undefined;
  return { kind: kind ?? 'in_review' };
}
