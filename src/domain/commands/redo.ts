import { newMutationId, type RandomBytes } from '../id.ts';
import type { Mutation } from '../mutation.ts';

/**
 * The same contribution under a new id, for a server that knows the old one with other words in it:
 * two devices restored from one backup went on under the same ids. What would make the point again
 * becomes an edit that claims to have seen nothing: fields that say the same stay, empty ones are
 * filled, others become conflicts that the person settles. Nothing is doubled, nothing overwritten.
 */
export function redo(mutation: Mutation, now: Date, random: RandomBytes): Mutation {
  const mutation_id = newMutationId(now, random);
  if (mutation.kind !== 'create') return { ...mutation, mutation_id };
  const { v, point_id, theme, captured_at, form_rev, patch, status } = mutation;
  return {
    kind: 'edit',
    mutation_id,
    v,
    point_id,
    theme,
    captured_at,
    ...(form_rev === undefined ? {} : { form_rev }),
    base_rev: 0,
    base: {},
    patch,
    ...(status === 'draft' ? {} : { submit: true }),
  };
}
