import * as z from 'zod/mini';

import type { Api } from './client.ts';
import type { CallOptions } from './request.ts';

/** Whom an answer speaks to and of which life of the server: an older server does not say. */
const spokenTo = { epoch: z.optional(z.string()), user_id: z.optional(z.nullable(z.string())) };

const digestAnswerSchema = z.object({
  ...spokenTo,
  digests: z.array(z.object({ id: z.string(), count: z.number(), digest: z.string() })),
});
export type DigestAnswer = z.infer<typeof digestAnswerSchema>;

/** Count and digest of what the caller may see in each bucket. */
export function fetchDigests(
  api: Api,
  buckets: readonly string[],
  options?: CallOptions,
): Promise<DigestAnswer> {
  return api.call('sync_digest', { buckets }, digestAnswerSchema, options);
}

const idsAnswerSchema = z.object({
  ...spokenTo,
  ids: z.array(z.tuple([z.string(), z.number()])),
  next: z.nullable(z.string()),
});
export type IdsAnswer = z.infer<typeof idsAnswerSchema>;

/** One page of the ids and row counters of a bucket, by id. */
export function fetchIds(
  api: Api,
  query: { bucket: string; after?: string; limit?: number },
  options?: CallOptions,
): Promise<IdsAnswer> {
  return api.call('sync_ids', query, idsAnswerSchema, options);
}
