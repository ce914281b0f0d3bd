import * as z from 'zod/mini';

import { LIMITS } from '../domain/limits.ts';
import { ProblemError, problemOf } from '../domain/problems.ts';
import type { Api } from './client.ts';
import { type Answer, type CallOptions, readAnswer } from './request.ts';

const BUCKET = 'photos';
/** Seconds that the address of a private photo lives (contract §3). */
const SIGNED_FOR_S = 300;

const uploadedSchema = z.object({ Key: z.optional(z.string()) });

/** Uploads bytes, never over existing ones. "Already exists" is success. Throws `too_large` where storage says so. */
export async function uploadPhoto(
  api: Api,
  path: string,
  bytes: ArrayBuffer,
  options: CallOptions = {},
): Promise<void> {
  const headers = { 'content-type': 'image/jpeg', 'cache-control': 'max-age=3600', 'x-upsert': 'false' };
  const body = { content: bytes, headers };
  const bounds = { timeoutMs: LIMITS.photoTimeoutMs, ...options };
  const answer = await api.send(`/storage/v1/object/${BUCKET}/${path}`, body, bounds);
  if (isThere(answer)) return;
  if (statusWithin(answer) === 413) throw new ProblemError('too_large', `${bytes.byteLength}`);
  readAnswer(answer, uploadedSchema);
}

const refusalSchema = z.object({
  statusCode: z.optional(z.union([z.string(), z.number()])),
  message: z.optional(z.string()),
});

/** Storage says 400 and tells 409 or 413 within. */
function statusWithin({ status, body }: Answer): number {
  const refusal = refusalSchema.safeParse(body);
  return status >= 400 && refusal.success && refusal.data.statusCode
    ? Number(refusal.data.statusCode)
    : status;
}

/** Told by the status, or in words alone. */
function isThere(answer: Answer): boolean {
  if (answer.status === 409 || statusWithin(answer) === 409) return true;
  const refusal = refusalSchema.safeParse(answer.body);
  return (
    answer.status >= 400 && refusal.success && /already exists|duplicate/i.test(refusal.data.message ?? '')
  );
}

const commitAnswerSchema = z.object({
  status: z.enum(['stored', 'missing', 'mismatch', 'rejected']),
  code: z.optional(z.nullable(z.string())),
});
export type CommitAnswer = z.infer<typeof commitAnswerSchema>;

export interface PhotoCommit {
  readonly photo_id: string;
  readonly point_id: string;
  readonly path: string;
  readonly sha256: string;
  readonly size: number;
  readonly width: number;
  readonly height: number;
  readonly taken_at?: string;
  readonly licence: string;
  readonly caption?: string;
  readonly rank?: number;
}

/** Asks the server to read the uploaded object and record it. Idempotent. */
export function commitPhoto(api: Api, commit: PhotoCommit, options?: CallOptions): Promise<CommitAnswer> {
  return api.invoke('photo_commit', commit, commitAnswerSchema, options);
}

const signedSchema = z.object({ signedURL: z.string() });

/** Addresses of private photos, for five minutes. Those one may not see are left out. */
export async function signPhotoUrls(
  api: Api,
  paths: readonly string[],
  options: CallOptions = {},
): Promise<Map<string, string>> {
  // One by one: the embedded backend does not sign several at once.
  const signings = paths.map(async (path): Promise<[string, string][]> => {
    try {
      const content = JSON.stringify({ expiresIn: SIGNED_FOR_S });
      const body = { content, headers: { 'content-type': 'application/json' } };
      const answer = await api.send(`/storage/v1/object/sign/${BUCKET}/${path}`, body, options);
      const { signedURL } = readAnswer(answer, signedSchema);
      return [[path, encodeURI(`${api.url}/storage/v1${signedURL}`)]];
    } catch (cause) {
      if (['cancelled', 'timeout'].includes(problemOf(cause).code)) throw cause;
      return [];
    }
  });
  return new Map((await Promise.all(signings)).flat());
}
