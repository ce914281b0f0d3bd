import * as z from 'zod/mini';

import type { ItemRef } from '../domain/queue-item.ts';
import { type Review, reviewSchema } from '../domain/review.ts';
import type { Api } from './client.ts';
import type { CallOptions } from './request.ts';

/** All that is needed to decide on one item, in one answer. Moderators in scope. */
export function fetchReview(
  api: Api,
  { point_id, revision_id, report_id }: ItemRef,
  options?: CallOptions,
): Promise<Review> {
  const query = { point_id, ...(revision_id && { revision_id }), ...(report_id && { report_id }) };
  return api.call('moderation_review', query, reviewSchema, options);
}

const bulkAnswerSchema = z.object({
  /** `photos`: those that wait; a server that does not say means all of them. */
  safe: z.array(z.object({ point_id: z.string(), rev: z.number(), photos: z.optional(z.array(z.string())) })),
  /** `why`: not_waiting, own_contribution, conflict, term_proposed, candidate, other_author_or_theme. */
  unsafe: z.array(z.object({ point_id: z.string(), why: z.string() })),
});
export type BulkAnswer = z.infer<typeof bulkAnswerSchema>;

/** Which of some points, 100 at most, may be decided together. */
export function fetchBulk(api: Api, pointIds: readonly string[], options?: CallOptions): Promise<BulkAnswer> {
  return api.call('moderation_bulk', { point_ids: pointIds }, bulkAnswerSchema, options);
}

const templatesSchema = z.object({
  templates: z.array(
    z.object({
      id: z.string(),
      theme: z.string(),
      decision: z.optional(z.nullable(z.string())),
      reason: z.optional(z.nullable(z.string())),
      label: z.string(),
      text: z.string(),
    }),
  ),
});
/** A message that a group often writes. */
export type Template = z.infer<typeof templatesSchema>['templates'][number];

/** The messages that one's groups often write. */
export async function fetchTemplates(api: Api, options?: CallOptions): Promise<Template[]> {
  return (await api.call('moderation_templates', {}, templatesSchema, options)).templates;
}
