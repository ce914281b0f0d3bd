import { patchBetween } from '../diff.ts';
import { completeObservation, lacksProof } from './complete-observation.ts';
import { type Draft, shownContent } from '../draft.ts';
import type { KnowsTerm } from '../form/answer.ts';
import { answersToSend } from '../form/send.ts';
import { type FieldProblem, validateAttributes } from '../form/validate.ts';
import { type Json, jsonEquals, type JsonRecord } from '../json.ts';
import { LIMITS } from '../limits.ts';
import type { ConfirmMutation, CreateMutation, EditMutation, ProposeTermMutation } from '../mutation.ts';
import { attributePath, type Content, type Path } from '../paths.ts';
import { holdingConcept, type Theme, schemeOf } from '../theme.ts';

type DraftFault = FieldProblem['fault'] | 'place_missing' | 'concept_missing' | 'photo_missing';

/** What is missing or wrong in a draft, with the field to go to. */
export interface DraftProblem {
  readonly path: Path;
  readonly fault: DraftFault;
  readonly bound?: number;
  /** In a group: which item, and which of its questions. */
  readonly inner?: FieldProblem['inner'];
}

type Identity = 'mutation_id' | 'v' | 'captured_at';
export type DraftMutation =
  Omit<CreateMutation, 'mutation_id' | 'v'> | Omit<EditMutation, Identity> | Omit<ConfirmMutation, Identity>;

/** States from which the author's edit goes back to the moderators. */
const RESUBMITTED = ['draft', 'to_complete', 'rejected', 'withdrawn'];

/**
 * What keeps a draft from being saved: a place, a term, and what the form says. A bad position never
 * does: its accuracy is stored and told. An edit answers for what it changes, not for what others left
 * there; sent back to the moderators, for all of it.
 */
export function checkDraft(draft: Draft, theme: Theme, knowsTerm?: KnowsTerm): DraftProblem[] {
  if (draft.observes) return lacksProof(draft) ? [{ path: 'photos', fault: 'photo_missing' }] : [];
  const problems: DraftProblem[] = [];
  if (!draft.geom) problems.push({ path: 'geom', fault: 'place_missing' });
  // A theme with a concept for what cannot be named asks for it; without one, no term is an answer.
  if (!draft.concept && holdingConcept(theme)) {
    problems.push({ path: 'concept', fault: 'concept_missing' });
  }
  const isOwnTerm = draft.concept !== null && draft.concept !== (draft.seen?.concept ?? null);
  if (isOwnTerm && knowsTerm && !knowsTerm(schemeOf(theme), draft.concept ?? '')) {
    problems.push({ path: 'concept', fault: 'unknown_option' });
  }
  const answers = answersOf(draft, theme);
  const seen = draft.seen && !isResubmission(draft) ? shownContent(draft.seen).attributes : null;
  for (const { key, ...rest } of validateAttributes(theme.form, draft.attributes, knowsTerm)) {
    if (seen && jsonEquals(seen[key] ?? null, answers[key] ?? null)) continue;
    problems.push({ path: attributePath(key), ...rest });
  }
  return problems;
}

function answersOf(draft: Draft, theme: Theme): JsonRecord {
  const seen = draft.seen ? shownContent(draft.seen).attributes : {};
  return answersToSend(theme.form, draft.attributes, seen);
}

/** Whether saving an edit puts the point back in front of the moderators. */
function isResubmission(draft: Draft): boolean {
  return draft.seen !== null && draft.seen.mine && RESUBMITTED.includes(draft.seen.status);
}

/**
 * The mutation that a finished draft becomes: a confirmation, a create, or an edit of what changed with the values
 * that its author saw. Null for an edit that changes nothing, has nothing to resubmit and settles nothing.
 * Throws when the draft has no place: `checkDraft` comes first.
 */
export function completeDraft(draft: Draft, theme: Theme): DraftMutation | null {
  if (draft.observes) return completeObservation(draft, draft.observes);
  const { geom, concept, sensitivity } = draft;
  if (!geom) throw new Error('a draft without a place cannot be completed');
  const content: Content = { geom, concept, sensitivity, attributes: answersOf(draft, theme) };
  // The answers were checked against the form of today, whichever one asked the first of them.
  const identity = { point_id: draft.id, theme: draft.theme, form_rev: theme.form_rev };
  if (!draft.seen) {
    return {
      kind: 'create',
      ...identity,
      // Seen when it was begun, however late it is finished.
      captured_at: draft.created_at,
      patch: createPatch(content),
      status: 'submitted',
      expected_photos: draft.photo_ids.length,
      ...named('maybe_same_as', draft.maybe_same_as),
      ...named('not_same_as', draft.not_same_as),
    };
  }
  const { base, patch } = patchBetween(shownContent(draft.seen), content);
  const submit = isResubmission(draft);
  const resolves = draft.resolves ?? [];
  if (Object.keys(patch).length === 0 && !submit && resolves.length === 0) return null;
  return {
    kind: 'edit',
    ...identity,
    base_rev: draft.seen.rev,
    base,
    patch,
    ...(submit ? { submit } : {}),
    ...(resolves.length ? { resolves: [...resolves] } : {}),
  };
}

/** Points that were told apart, or could not be: the last ones, as many as the server takes. */
function named<F extends string>(field: F, ids: readonly string[] = []): Partial<Record<F, string[]>> {
  const last = [...new Set(ids)].slice(-LIMITS.comparedPoints);
  return last.length > 0 ? ({ [field]: last } as Record<F, string[]>) : {};
}

/** The word that leaves with a finished draft, when the thesaurus lacked one; null for none. */
export function termProposal({ id, theme, term }: Draft): Omit<ProposeTermMutation, Identity> | null {
  return term ? { kind: 'propose_term', point_id: id, theme, ...term } : null;
}

function createPatch({ geom, concept, sensitivity, attributes }: Content): JsonRecord {
  const answers = Object.entries(attributes).map(([key, value]) => [attributePath(key), value]);
  return {
    geom: { ...geom } as Json,
    concept,
    ...(sensitivity === 'open' ? {} : { sensitivity }),
    ...(Object.fromEntries(answers) as JsonRecord),
  };
}
