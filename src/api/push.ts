import * as z from 'zod/mini';

import { conflictSchema, pointSchema } from '../domain/point.ts';
import { type Api, RawJson } from './client.ts';
import type { CallOptions } from './request.ts';

const resultSchema = z.object({
  mutation_id: z.string(),
  status: z.enum(['applied', 'merged', 'pending', 'conflict', 'rejected', 'retry']),
  code: z.optional(z.nullable(z.string())),
  message: z.optional(z.nullable(z.string())),
  rev: z.optional(z.nullable(z.number())),
  revision_id: z.optional(z.nullable(z.string())),
  /** One that this version cannot read settles its mutation all the same; the row comes with the pull. */
  point: z.catch(z.optional(z.nullable(pointSchema)), null),
  conflicts: z.optional(z.nullable(z.array(conflictSchema))),
  retry_after_s: z.optional(z.nullable(z.number())),
});
export type PushResult = z.infer<typeof resultSchema>;

const pushAnswerSchema = z.object({
  epoch: z.string(),
  user_id: z.string(),
  results: z.array(resultSchema),
  /** The server's clock; absent where it does not tell. */
  server_time: z.optional(z.nullable(z.string())),
});
export type PushAnswer = z.infer<typeof pushAnswerSchema>;

/** Code of `retry`: the server lives another life than the one that the push was for. Nothing was applied. */
export const EPOCH_CHANGED = 'epoch_changed';

export interface PushSender {
  readonly deviceId: string;
  readonly version: string;
}

/**
 * Sends mutations, each as the exact text frozen at its first attempt, for the life of the server
 * that `epoch` names; for any when it is null.
 */
export function pushMutations(
  api: Api,
  sender: PushSender,
  frozen: readonly string[],
  epoch: string | null,
  options?: CallOptions,
): Promise<PushAnswer> {
  const head = JSON.stringify({
    device_id: sender.deviceId,
    client: { name: 'capitelle', version: sender.version },
    ...(epoch === null ? {} : { epoch }),
  }).slice(0, -1);
  const body = new RawJson(`${head},"mutations":[${frozen.join(',')}]}`);
  return api.call('sync_push', body, pushAnswerSchema, options);
}
