import { type Draft, newDraft, shownContent } from '../draft.ts';
import type { CreateMutation } from '../mutation.ts';
import { applyCreate } from './create.ts';

/** The draft that a capture was, its photos and its proposed word aside; null for one without a place. */
export function reopenCreate(
  create: CreateMutation,
  { userId, formRev }: { readonly userId: string; readonly formRev: number },
  now: Date,
): Draft | null {
  const point = applyCreate(null, create);
  if (!point) return null;
  const { point_id: pointId, theme, captured_at, maybe_same_as, not_same_as } = create;
  return {
    ...newDraft({ pointId, theme, userId, formRev }, now),
    ...shownContent(point),
    ...(maybe_same_as?.length ? { maybe_same_as } : {}),
    ...(not_same_as?.length ? { not_same_as } : {}),
    created_at: captured_at,
  };
}
