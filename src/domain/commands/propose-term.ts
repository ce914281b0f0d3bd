import type { ProposeTermMutation } from '../mutation.ts';
import type { Point } from '../point.ts';

/** The point with the word that its author proposed for it, as this device shows it before the server has answered. */
export function applyProposeTerm(point: Point | null, mutation: ProposeTermMutation): Point | null {
  if (!point) return null;
  const { mutation_id, scheme, text, lang, broader = null, note = null, captured_at: at } = mutation;
  const others = (point.proposed_terms ?? []).filter((term) => term.mutation_id !== mutation_id);
  const mine = {
    mutation_id,
    scheme,
    text,
    lang,
    broader,
    note,
    state: 'proposed',
    concept: null,
    mine: true,
    at,
  };
  return { ...point, proposed_terms: [...others, mine] };
}
