import * as z from 'zod/mini';

import { decisionSchema } from './decision.ts';
import { jsonRecordSchema } from './json.ts';
import { LIMITS } from './limits.ts';

const common = {
  mutation_id: z.string(),
  v: z.literal(1),
  point_id: z.string(),
  /** Instant at which the person did it, on the device's clock. */
  captured_at: z.string(),
  form_rev: z.optional(z.number()),
};
const theme = z.optional(z.string());
const expectedPhotos = z.optional(z.number().check(z.gte(0)));

const createSchema = z.object({
  ...common,
  kind: z.literal('create'),
  theme: z.string(),
  patch: jsonRecordSchema,
  status: z.optional(z.enum(['draft', 'submitted'])),
  expected_photos: expectedPhotos,
  /** Points that its author could not tell from it. */
  maybe_same_as: z.optional(z.array(z.string())),
  /** Points that its author saw, and said are other things. */
  not_same_as: z.optional(z.array(z.string())),
});
export type CreateMutation = z.infer<typeof createSchema>;

const editSchema = z.object({
  ...common,
  kind: z.literal('edit'),
  theme,
  base_rev: z.number(),
  base: jsonRecordSchema,
  patch: jsonRecordSchema,
  submit: z.optional(z.boolean()),
  resolves: z.optional(z.array(z.string())),
});
export type EditMutation = z.infer<typeof editSchema>;

const confirmSchema = z.object({
  ...common,
  kind: z.literal('confirm'),
  theme,
  observed_at: z.string(),
  found: z.boolean(),
  condition: z.optional(z.string()),
  expected_photos: expectedPhotos,
});
export type ConfirmMutation = z.infer<typeof confirmSchema>;

const withdrawSchema = z.object({
  ...common,
  kind: z.literal('withdraw'),
  theme,
  revision_id: z.optional(z.string()),
});
export type WithdrawMutation = z.infer<typeof withdrawSchema>;

const commentSchema = z.object({
  ...common,
  kind: z.literal('comment'),
  theme,
  text: z.string().check(z.minLength(1), z.maxLength(LIMITS.commentLength)),
  /** What is wrong with a published point: the group finds it in its queue. */
  about: z.optional(z.string()),
});
/** `seen_rev`, or `seen_after` when the decision follows an unsent mutation of this device. */
const decideSchema = z.object({
  ...common,
  kind: z.literal('decide'),
  theme,
  revision_id: z.optional(z.string()),
  /** The report that `dismiss` closes; without it, all those of the point. */
  report_id: z.optional(z.string()),
  /** Taken together with others: one id for the lot. */
  bulk: z.optional(z.string()),
  seen_rev: z.optional(z.number()),
  seen_after: z.optional(z.string()),
  decision: decisionSchema,
  reason: z.optional(z.string()),
  comment: z.optional(z.string().check(z.maxLength(LIMITS.commentLength))),
  fields: z.optional(z.array(z.string())),
  photos: z.optional(z.array(z.string())),
  /** The waiting photos that were shown: what arrived since waits for another look. */
  photos_seen: z.optional(z.array(z.string())),
  duplicate_of: z.optional(z.string()),
  /** The content of that point which was seen: values of the other are not written over anything newer. */
  seen_other_rev: z.optional(z.number()),
  keep: z.optional(z.record(z.string(), z.enum(['this', 'other']))),
  correction: z.optional(z.object({ base: jsonRecordSchema, patch: jsonRecordSchema })),
});
export type DecideMutation = z.infer<typeof decideSchema>;

const proposeTermSchema = z.object({
  ...common,
  kind: z.literal('propose_term'),
  theme,
  scheme: z.string(),
  text: z.string().check(z.minLength(1), z.maxLength(LIMITS.termLength)),
  lang: z.string(),
  broader: z.optional(z.string()),
  note: z.optional(z.string().check(z.maxLength(LIMITS.termNoteLength))),
});
export type ProposeTermMutation = z.infer<typeof proposeTermSchema>;

/** What a person did, sent at least once and applied exactly once (contract §3). */
export const mutationSchema = z.discriminatedUnion('kind', [
  createSchema,
  editSchema,
  confirmSchema,
  withdrawSchema,
  commentSchema,
  decideSchema,
  proposeTermSchema,
]);
export type Mutation = z.infer<typeof mutationSchema>;
export type MutationKind = Mutation['kind'];
