import * as z from 'zod/mini';

import { conceptSchema } from '../domain/concept.ts';
import { pointSchema } from '../domain/point.ts';
import { themeSchema } from '../domain/theme.ts';
import type { Api } from './client.ts';
import type { CallOptions } from './request.ts';

const pullAnswerSchema = z.object({
  epoch: z.string(),
  visibility_epoch: z.union([z.string(), z.number()]),
  user_id: z.string(),
  changed: z.array(pointSchema),
  gone: z.array(z.string()),
  concepts: z.array(conceptSchema),
  themes: z.array(themeSchema),
  next: z.array(z.object({ id: z.string(), cursor: z.nullable(z.string()), more: z.boolean() })),
  resync: z.array(z.string()),
  stalled_s: z.optional(z.nullable(z.number())),
  /** The server's clock; absent where it does not tell. */
  server_time: z.optional(z.nullable(z.string())),
});
export type PullAnswer = z.infer<typeof pullAnswerSchema>;

export interface PullQuery {
  readonly epoch?: string;
  readonly visibility_epoch?: string | number;
  readonly buckets: readonly { id: string; cursor?: string }[];
  readonly limit?: number;
}

/** What changed in some buckets since their cursors. */
export function pullBuckets(api: Api, query: PullQuery, options?: CallOptions): Promise<PullAnswer> {
  return api.call('sync_pull', query, pullAnswerSchema, options);
}

const snapshotAnswerSchema = z.object({
  epoch: z.string(),
  user_id: z.string(),
  horizon: z.string(),
  points: z.array(pointSchema),
  next: z.nullable(z.string()),
});
export type SnapshotAnswer = z.infer<typeof snapshotAnswerSchema>;

/** One page of everything a bucket holds, by id. The first page's horizon goes with the others. */
export function fetchSnapshot(
  api: Api,
  query: { bucket: string; after?: string; horizon?: string; limit?: number },
  options?: CallOptions,
): Promise<SnapshotAnswer> {
  return api.call('sync_snapshot', query, snapshotAnswerSchema, options);
}

const receiptsAnswerSchema = z.object({ user_id: z.string(), unknown: z.array(z.string()) });
export type ReceiptsAnswer = z.infer<typeof receiptsAnswerSchema>;

/** Which of these mutations a restored server no longer knows. */
export function unknownReceipts(
  api: Api,
  mutationIds: readonly string[],
  options?: CallOptions,
): Promise<ReceiptsAnswer> {
  return api.call('sync_receipts', { mutation_ids: mutationIds }, receiptsAnswerSchema, options);
}
