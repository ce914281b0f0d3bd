import type { Decision } from './decision.ts';
import type { Mutation } from './mutation.ts';
import type { PointStatus } from './point.ts';
import type { ProblemCode } from './problems.ts';

/** Who acts, relative to the point. The server decides; this mirrors it to offer only what works. */
export interface Actor {
  readonly isContributor: boolean;
  readonly isAuthor: boolean;
  /** Moderator of the theme's group, in whose territory the point lies. */
  readonly isModerator: boolean;
  /** The theme lets moderators decide on their own contributions. */
  readonly mayDecideOwn?: boolean;
}

/** What an allowed mutation does: to the point itself, beside it, or to its record only. */
type Effect = 'applied' | 'pending' | 'recorded';

interface Transition {
  readonly from: readonly (PointStatus | null)[];
  readonly who: 'contributor' | 'author' | 'moderator';
  readonly does: 'create' | 'edit' | 'submit' | 'withdraw' | 'confirm' | 'comment' | Decision;
  /** `same`: unchanged; `asked`: what the create asks for; `before`: what it was before. */
  readonly to: PointStatus | 'same' | 'asked' | 'before';
  readonly effect: Effect;
  /** About the pending revision or report beside the point, not the point. */
  readonly beside?: true;
}

const UNPUBLISHED: PointStatus[] = ['draft', 'submitted', 'to_complete'];

/** The table of contract §3, first match wins. Anything else is `invalid_transition`. */
const TRANSITIONS: readonly Transition[] = [
  { from: [null], who: 'contributor', does: 'create', to: 'asked', effect: 'applied' },
  { from: UNPUBLISHED, who: 'author', does: 'submit', to: 'submitted', effect: 'applied' },
  { from: UNPUBLISHED, who: 'author', does: 'edit', to: 'same', effect: 'applied' },
  { from: ['rejected', 'withdrawn'], who: 'author', does: 'edit', to: 'submitted', effect: 'applied' },
  { from: ['rejected', 'withdrawn'], who: 'author', does: 'submit', to: 'submitted', effect: 'applied' },
  { from: [...UNPUBLISHED, 'rejected'], who: 'author', does: 'withdraw', to: 'withdrawn', effect: 'applied' },
  { from: ['submitted', 'published'], who: 'moderator', does: 'edit', to: 'same', effect: 'applied' },
  { from: ['submitted', 'published'], who: 'moderator', does: 'submit', to: 'same', effect: 'applied' },
  { from: ['published'], who: 'contributor', does: 'edit', to: 'same', effect: 'pending' },
  { from: ['published'], who: 'contributor', does: 'submit', to: 'same', effect: 'pending' },
  { from: ['published'], who: 'contributor', does: 'withdraw', to: 'same', effect: 'recorded', beside: true },
  { from: ['published'], who: 'contributor', does: 'confirm', to: 'same', effect: 'recorded' },
  { from: ['submitted'], who: 'moderator', does: 'publish', to: 'published', effect: 'applied' },
  { from: ['submitted'], who: 'moderator', does: 'to_complete', to: 'to_complete', effect: 'applied' },
  { from: ['submitted'], who: 'moderator', does: 'reject', to: 'rejected', effect: 'applied' },
  { from: ['submitted'], who: 'moderator', does: 'duplicate', to: 'duplicate', effect: 'applied' },
  { from: ['published'], who: 'moderator', does: 'archive', to: 'archived', effect: 'applied' },
  { from: ['published'], who: 'moderator', does: 'destroy', to: 'destroyed', effect: 'applied' },
  { from: ['published'], who: 'moderator', does: 'duplicate', to: 'duplicate', effect: 'applied' },
  { from: ['published'], who: 'moderator', does: 'publish', to: 'same', effect: 'recorded', beside: true },
  { from: ['published'], who: 'moderator', does: 'reject', to: 'same', effect: 'recorded', beside: true },
  { from: ['published'], who: 'moderator', does: 'dismiss', to: 'same', effect: 'recorded', beside: true },
  { from: ['archived', 'destroyed'], who: 'moderator', does: 'restore', to: 'published', effect: 'applied' },
  { from: ['duplicate'], who: 'moderator', does: 'restore', to: 'before', effect: 'applied' },
  {
    from: ['rejected', 'to_complete'],
    who: 'moderator',
    does: 'restore',
    to: 'submitted',
    effect: 'applied',
  },
];

/** What `transition` needs to know of a mutation. */
export type Act = Pick<Mutation, 'kind'> & {
  readonly submit?: boolean | undefined;
  readonly decision?: Decision | undefined;
  readonly revision_id?: string | undefined;
  readonly status?: 'draft' | 'submitted' | undefined;
};

export type Outcome =
  | { readonly allowed: true; readonly to: PointStatus | 'before'; readonly effect: Effect }
  | { readonly allowed: false; readonly code: ProblemCode };

function plays(who: Transition['who'], actor: Actor): boolean {
  if (who === 'moderator') return actor.isModerator;
  if (who === 'author') return actor.isAuthor && actor.isContributor;
  return actor.isContributor;
}

/** What becomes of a point in state `from` (null: it does not exist) when `actor` does `act`. */
export function transition(from: PointStatus | null, actor: Actor, act: Act): Outcome {
  if (act.kind === 'comment' || act.kind === 'propose_term') {
    if (from === null) return { allowed: false, code: 'unknown_point' };
    // Whoever sees a point may propose a word for it.
    const may = actor.isAuthor || actor.isModerator || (act.kind === 'propose_term' && actor.isContributor);
    return may ? { allowed: true, to: from, effect: 'recorded' } : { allowed: false, code: 'not_allowed' };
  }
  const verb = act.kind === 'decide' ? act.decision : act.kind === 'edit' && act.submit ? 'submit' : act.kind;
  const rows = TRANSITIONS.filter((row) => row.from.includes(from) && row.does === verb);
  const row = rows.find((one) => plays(one.who, actor) && (!one.beside || isBeside(act)));
  if (!row) {
    const someoneMay = rows.some((one) => !one.beside || isBeside(act));
    return { allowed: false, code: someoneMay ? 'not_allowed' : 'invalid_transition' };
  }
  if (act.kind === 'decide' && actor.isAuthor && !act.revision_id && !actor.mayDecideOwn) {
    return { allowed: false, code: 'own_contribution' };
  }
  const to = row.to === 'same' ? from : row.to === 'asked' ? (act.status ?? 'submitted') : row.to;
  return { allowed: true, to: to ?? 'submitted', effect: row.effect };
}

function isBeside(act: Act): boolean {
  return act.revision_id !== undefined || act.decision === 'dismiss' || act.kind === 'confirm';
}
