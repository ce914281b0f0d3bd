import * as z from 'zod/mini';

import { pointSchema } from '../domain/point.ts';
import type { Api } from './client.ts';
import type { CallOptions } from './request.ts';

const nullishString = z.optional(z.nullable(z.string()));

const leaseSchema = z.object({
  holder: nullishString,
  until: nullishString,
  /** Whether the caller holds it. */
  mine: z._default(z.boolean(), false),
});

const queueItemSchema = z.object({
  point_id: z.string(),
  revision_id: nullishString,
  report_id: nullishString,
  kind: z.enum(['new', 'edit', 'photo', 'gone', 'report']),
  /** The caller's own contribution: somebody else decides. */
  mine: z._default(z.boolean(), false),
  theme: z.string(),
  concept: z.nullable(z.string()),
  commune: z.nullable(z.string()),
  /** Name given to the thing; null when it has none. */
  title: nullishString,
  commune_name: nullishString,
  waiting_since: z.string(),
  author: nullishString,
  expected_photos: z._default(z.number(), 0),
  stored_photos: z._default(z.number(), 0),
  candidates: z._default(z.number(), 0),
  lease: z.optional(z.nullable(leaseSchema)),
});
export type QueueItem = z.infer<typeof queueItemSchema>;

const queueAnswerSchema = z.object({
  items: z.array(queueItemSchema),
  total: z.number(),
  next: z.nullable(z.string()),
});
export type QueueAnswer = z.infer<typeof queueAnswerSchema>;

export interface QueueQuery {
  readonly theme?: string;
  readonly territory?: string;
  readonly kind?: QueueItem['kind'];
  readonly order?: 'oldest' | 'newest';
  readonly after?: string;
  readonly limit?: number;
}

/** What waits for a decision in the signed-in moderator's scope. */
export function fetchQueue(api: Api, query: QueueQuery, options?: CallOptions): Promise<QueueAnswer> {
  return api.call('moderation_queue', query, queueAnswerSchema, options);
}

const leaseAnswerSchema = z.object({
  granted: z.boolean(),
  until: nullishString,
  holder: nullishString,
});
export type LeaseAnswer = z.infer<typeof leaseAnswerSchema>;

/** Says "I am reading this one", for five minutes; `release` gives it back. */
export function takeLease(
  api: Api,
  pointId: string,
  release = false,
  options?: CallOptions,
): Promise<LeaseAnswer> {
  const query = { point_id: pointId, ...(release ? { release } : {}) };
  return api.call('moderation_lease', query, leaseAnswerSchema, options);
}

const candidatesAnswerSchema = z.object({
  candidates: z.array(
    z.object({
      point: pointSchema,
      distance_m: z.nullable(z.number()),
      score: z.nullable(z.number()),
      why: z.array(z.string()),
    }),
  ),
});
export type ModerationCandidate = z.infer<typeof candidatesAnswerSchema>['candidates'][number];

/** Points that may be the same thing. */
export async function fetchCandidates(
  api: Api,
  pointId: string,
  options?: CallOptions,
): Promise<ModerationCandidate[]> {
  const query = { point_id: pointId };
  return (await api.call('moderation_candidates', query, candidatesAnswerSchema, options)).candidates;
}
