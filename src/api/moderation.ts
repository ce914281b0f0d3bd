import * as z from 'zod/mini';

import { queueItemSchema, type QueueKind } from '../domain/queue-item.ts';
import type { Api } from './client.ts';
import type { CallOptions } from './request.ts';

const nullishString = z.optional(z.nullable(z.string()));

const queueAnswerSchema = z.object({
  items: z.array(queueItemSchema),
  total: z.number(),
  next: z.nullable(z.string()),
  /** How many wait by theme and kind, whatever theme and kind were asked. */
  counts: z._default(z.record(z.string(), z.record(z.string(), z.number())), {}),
});
export type QueueAnswer = z.infer<typeof queueAnswerSchema>;

export interface QueueQuery {
  readonly theme?: string | undefined;
  /** Commune, EPCI or département, by its INSEE code. */
  readonly territory?: string | undefined;
  readonly kind?: QueueKind | undefined;
  /** The `author_id` of an item. */
  readonly author?: string | undefined;
  /** Waiting for at least so long. */
  readonly waiting_days?: number | undefined;
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
