import { patchBetween } from '../diff.ts';
import type { Draft, DraftContent } from '../draft.ts';
import { type FieldProblem, validateAttributes } from '../form/validate.ts';
import type { Json, JsonRecord } from '../json.ts';
import type { CreateMutation, EditMutation } from '../mutation.ts';
import { attributePath, type Content, type Path } from '../paths.ts';
import { holdingConcept, type Theme } from '../theme.ts';

export type DraftFault = FieldProblem['fault'] | 'place_missing' | 'concept_missing';

/** What is missing or wrong in a draft, with the field to go to. */
export interface DraftProblem {
  readonly path: Path;
  readonly fault: DraftFault;
  readonly bound?: number;
}

type Identity = 'mutation_id' | 'v' | 'captured_at';
export type DraftMutation = Omit<CreateMutation, Identity> | Omit<EditMutation, Identity>;

/** States from which the author's edit goes back to the moderators. */
const RESUBMITTED = ['draft', 'to_complete', 'rejected', 'withdrawn'];

/**
 * What keeps a draft from being saved: a place, a term, and what the form says. A bad position never
 * does: its accuracy is stored and told.
 */
export function checkDraft(draft: Draft, theme: Theme): DraftProblem[] {
  const problems: DraftProblem[] = [];
  if (!draft.content.geom) problems.push({ path: 'geom', fault: 'place_missing' });
  // A theme with a concept for what cannot be named asks for it; without one, no term is an answer.
  if (!draft.content.concept && holdingConcept(theme)) {
    problems.push({ path: 'concept', fault: 'concept_missing' });
  }
  for (const { key, ...rest } of validateAttributes(theme.form, draft.content.attributes)) {
    problems.push({ path: attributePath(key), ...rest });
  }
  return problems;
}

/**
 * The mutation that a finished draft becomes: a create, or an edit of what changed with the values
 * that its author saw. Null for an edit that changes nothing and has nothing to resubmit.
 */
export function completeDraft(draft: Draft): DraftMutation | null {
  const content = placed(draft.content);
  if (!draft.base) {
    return {
      kind: 'create',
      point_id: draft.point_id,
      theme: draft.theme,
      form_rev: draft.form_rev,
      patch: createPatch(content),
      status: 'submitted',
      expected_photos: draft.photo_ids.length,
    };
  }
  const { base, patch } = patchBetween(draft.base.content, content);
  const isResubmitted = RESUBMITTED.includes(draft.base.status);
  if (Object.keys(patch).length === 0 && !isResubmitted) return null;
  return {
    kind: 'edit',
    point_id: draft.point_id,
    theme: draft.theme,
    form_rev: draft.form_rev,
    base_rev: draft.base.rev,
    base,
    patch,
    ...(isResubmitted ? { submit: true } : {}),
  };
}

function placed(content: DraftContent): Content {
  if (!content.geom) throw new Error('a draft without a place cannot be completed');
  return { ...content, geom: content.geom };
}

function createPatch(content: Content): JsonRecord {
  const attributes = Object.entries(content.attributes).map(([key, value]) => [attributePath(key), value]);
  return {
    geom: { ...content.geom } as Json,
    concept: content.concept,
    ...(content.sensitivity === 'open' ? {} : { sensitivity: content.sensitivity }),
    ...(Object.fromEntries(attributes) as JsonRecord),
  };
}
