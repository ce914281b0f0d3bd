import * as z from 'zod/mini';

import { labelsSchema } from '../domain/language.ts';
import { deskConceptSchema, pictureSchema } from '../domain/thesaurus/desk-concept.ts';
import type { NewTerm, TermAction } from '../domain/thesaurus/operations.ts';
import type { Api } from './client.ts';

const nullishString = z.optional(z.nullable(z.string()));

const termsSchema = z.object({ concepts: z.array(deskConceptSchema) });

const editSchema = z.object({
  id: z.string(),
  n: z.number(),
  action: z.string(),
  concept: nullishString,
  /** Ids of the terms it touches: at most some of them, see `touched`. */
  concepts: z._default(z.array(z.string()), []),
  touched: z.optional(z.nullable(z.number())),
  labels: z._default(labelsSchema, {}),
  /** The term it leads to: merged into, replaced by, moved under. */
  into: z.optional(z.nullable(z.object({ id: z.string(), labels: labelsSchema }))),
  author: nullishString,
  mine: z._default(z.boolean(), false),
  at: z.string(),
  note: nullishString,
  state: z.enum(['proposed', 'applied', 'undone', 'refused']),
  reason: nullishString,
  /** Number of the version that carries it. */
  released: z.optional(z.nullable(z.number())),
  may_undo: z._default(z.boolean(), false),
  /** Points that go to another term in the background; null when none has to. */
  remap: z.optional(
    z.nullable(
      z.object({
        total: z.number(),
        done: z.number(),
        /** Whether the worker is still at it: points that somebody put elsewhere meanwhile are never counted. */
        until: z._default(z.boolean(), false),
      }),
    ),
  ),
});
/** One entry of the journal of a vocabulary. */
export type VocabularyEdit = z.infer<typeof editSchema>;

const waitingPointSchema = z.object({
  id: z.string(),
  title: nullishString,
  commune_name: nullishString,
  theme: nullishString,
  thumb_url: nullishString,
  /** Of a photo that is not published: asked for in the name of who moderates. */
  thumb_path: nullishString,
});

const proposalSchema = z.object({
  /** One id for each time it was proposed. */
  ids: z.array(z.string()),
  text: z.string(),
  lang: z._default(z.string(), 'fr'),
  /** Term below which it was proposed. */
  broader: nullishString,
  notes: z._default(z.array(z.string()), []),
  /** Points that wait for it, or rows of the databases that have it. */
  count: z._default(z.number(), 0),
  /** Names of other databases that have it; none for a word of the field alone. */
  sources: z._default(z.array(z.string()), []),
  authors: z._default(z.array(z.string()), []),
  since: nullishString,
  points: z._default(z.array(waitingPointSchema), []),
});
/** A word that the field proposed. */
export type WordProposal = z.infer<typeof proposalSchema>;

const deskSchema = z.object({
  role: z.enum(['decide', 'propose']),
  last_release: z._default(z.number(), 0),
  edits: z._default(z.array(editSchema), []),
  proposals: z._default(z.array(proposalSchema), []),
  /** Points by term. */
  uses: z._default(z.record(z.string(), z.number()), {}),
});
/** What stands around a vocabulary: who may do what, what changed, what is proposed, how much each term is used. */
export type VocabularyState = z.infer<typeof deskSchema>;

const outcomeSchema = z.object({
  /** Null where it was only tried. */
  edit: z.optional(z.nullable(editSchema)),
  before: z._default(z.array(deskConceptSchema), []),
  after: z._default(z.array(deskConceptSchema), []),
  /** Points that go to another term. */
  points: z._default(z.number(), 0),
});
/** What an edit did, or would do. */
export type EditOutcome = z.infer<typeof outcomeSchema>;

const answeredSchema = z.object({ concept: nullishString, points: z._default(z.number(), 0) });
/** Which term a word of the field became, and how many points took it. */
export type ProposalOutcome = z.infer<typeof answeredSchema>;

const usesSchema = z.object({
  total: z.number(),
  territories: z._default(
    z.array(z.object({ code: z.string(), name: nullishString, count: z.number() })),
    [],
  ),
  /** Published photos of such things, the latest first: at most some. */
  photos: z._default(z.array(pictureSchema), []),
});
/** Where a term is used. */
export type TermUses = z.infer<typeof usesSchema>;

/** What becomes of a word of the field. */
export type ProposalAnswer =
  | { readonly as: 'new'; readonly concept: NewTerm }
  | { readonly as: 'synonym'; readonly concept: string }
  | { readonly as: 'refused'; readonly reason: string };

/** The terms of a vocabulary as they are now: never those of a cache. Throws `unknown_scheme`. */
export async function fetchTerms(api: Api, scheme: string) {
  return (await api.call('thesaurus', { scheme }, termsSchema)).concepts;
}

/** Throws `not_allowed`, `unknown_scheme`. */
export function fetchVocabularyState(api: Api, scheme: string): Promise<VocabularyState> {
  return api.call('thesaurus_desk', { scheme }, deskSchema);
}

/**
 * Sends one edit, `id` made by whoever edits: the same twice is one edit. With `dry` nothing is written and it says what
 * it would do. Throws `not_allowed`, `invalid_concept`, `unknown_concept`, `concept_moved` whose details are
 * `{concept, field, now}` in JSON.
 */
export function sendEdit(
  api: Api,
  edit: {
    readonly id: string;
    readonly scheme: string;
    readonly note?: string;
    readonly dry?: boolean;
  } & TermAction,
): Promise<EditOutcome> {
  return api.call('thesaurus_edit', edit, outcomeSchema);
}

/** Takes an edit back. Throws `unknown_edit`, `built_upon`, `released`. */
export function undoEdit(api: Api, edit: string): Promise<EditOutcome> {
  return api.call('thesaurus_undo', { edit }, outcomeSchema);
}

/** Accepts or refuses what a moderator proposed. Throws as the edit itself, and `reason_required`. */
export function decideEdit(
  api: Api,
  decision: { readonly edit: string; readonly accept: boolean; readonly reason?: string },
): Promise<EditOutcome> {
  return api.call('thesaurus_decide', decision, outcomeSchema);
}

/** Answers a word of the field; its points take the term in the same action. */
export function answerProposal(
  api: Api,
  answer: { readonly ids: readonly string[] } & ProposalAnswer,
): Promise<ProposalOutcome> {
  return api.call('thesaurus_answer', answer, answeredSchema);
}

/** Where a term is used, the territories with most points first. */
export function fetchTermUses(api: Api, concept: string): Promise<TermUses> {
  return api.call('thesaurus_uses', { concept }, usesSchema);
}
