import * as z from 'zod/mini';

import { LIMITS } from '../domain/limits.ts';
import { problem, ProblemError } from '../domain/problems.ts';
import type { Api } from './client.ts';
import { problemOfResponse } from './problems.ts';
import { bounded, type CallOptions, limitOf } from './request.ts';

const BUCKET = 'photos';
/** Seconds that the address of a private photo lives (contract §3). */
const SIGNED_FOR_S = 300;

/** Path of a photo: immutable, tied to its bytes, so that sending twice makes one object. */
export function photoPath(userId: string, pointId: string, photoId: string, sha256: string): string {
  return `${userId}/${pointId}/${photoId}-${sha256.slice(0, 16)}.jpg`;
}

/** Path of its thumbnail. */
export function thumbPath(path: string): string {
  return path.replace(/\.jpg$/, '-t.jpg');
}

/** Uploads bytes, never over existing ones. "Already exists" is success. */
export async function uploadPhoto(
  api: Api,
  path: string,
  bytes: ArrayBuffer,
  options: CallOptions = {},
): Promise<void> {
  const signal = limitOf({ timeoutMs: LIMITS.photoTimeoutMs, ...options });
  const client = await bounded(api.supabase(), signal);
  const upload = client.storage.from(BUCKET).upload(path, bytes, {
    contentType: 'image/jpeg',
    upsert: false,
  });
  const { error } = await bounded(upload, signal);
  if (!error) return;
  const status = Number((error as { status?: unknown }).status ?? 0);
  const code = String((error as { statusCode?: unknown }).statusCode ?? '');
  if (status === 409 || code === '409' || /already exists|duplicate/i.test(error.message)) return;
  if (!status) throw new ProblemError(problem('offline', error.message));
  throw new ProblemError(problemOfResponse(status, { message: error.message }));
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
  readonly position?: number;
}

/** Asks the server to read the uploaded object and record it. Idempotent. */
export function commitPhoto(api: Api, commit: PhotoCommit, options?: CallOptions): Promise<CommitAnswer> {
  return api.invoke('photo_commit', commit, commitAnswerSchema, options);
}

/** Addresses of private photos, for five minutes. Those one may not see are left out. */
export async function signPhotoUrls(
  api: Api,
  paths: readonly string[],
  options: CallOptions = {},
): Promise<Map<string, string>> {
  if (paths.length === 0) return new Map();
  const signal = limitOf(options);
  const client = await bounded(api.supabase(), signal);
  // One by one: the embedded backend does not sign several at once.
  const signings = paths.map(async (path): Promise<[string, string][]> => {
    const signing = client.storage.from(BUCKET).createSignedUrl(path, SIGNED_FOR_S);
    const { data } = await bounded(signing, signal);
    return data?.signedUrl ? [[path, data.signedUrl]] : [];
  });
  return new Map((await Promise.all(signings)).flat());
}
