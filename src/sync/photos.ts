import { type CommitAnswer, commitPhoto, uploadPhoto } from '../api/photos.ts';
import { markStored, photosToSend } from '../db/photos.ts';
import type { PhotoRow } from '../db/rows.ts';
import { LIMITS } from '../domain/limits.ts';
import { photoPath, thumbPath } from '../domain/photo-path.ts';
import { type Problem, problem, problemOf, problemOfCode, ProblemError } from '../domain/problems.ts';
import { backoffMs } from './backoff.ts';
import { serverNow } from './clock.ts';
import type { SyncContext } from './context.ts';
import { isDue } from './due.ts';
import { resendUnderNewName } from './resend-photo.ts';

/** Failures of one photo; any other is of the road and ends the round. */
const OF_THIS_PHOTO = ['timeout', 'server_error', 'too_large', 'invalid_argument', 'unknown'];

/** Codes of a rejected commit that may change: the bytes wait. */
const NOT_FINAL = ['charter_required', 'unknown_point'];

/**
 * Sends photos one at a time, each with its thumbnail, once the server knows their point. Returns
 * how many were stored. `pause` is asked between two photos: data is not kept waiting behind them.
 */
export async function sendPhotos(
  ctx: SyncContext,
  signal: AbortSignal,
  pause: () => Promise<boolean>,
): Promise<number> {
  let stored = 0;
  let failures = 0;
  for (const photo of await readyPhotos(ctx)) {
    try {
      if (await sendPhoto(ctx, photo, signal)) stored += 1;
      failures = 0;
    } catch (cause) {
      const why = problemOf(cause);
      if (!OF_THIS_PHOTO.includes(why.code) || signal.aborted) throw cause;
      // No later try makes it smaller; whoever pays for the network would pay for each.
      if (why.code === 'too_large') await refuse(ctx, photo, why);
      else {
        await postpone(ctx, photo, why);
        failures += 1;
        if (failures >= LIMITS.failuresInARow) throw cause;
      }
    }
    if (await pause()) break;
  }
  return stored;
}

async function readyPhotos({ precious, userId, now }: SyncContext): Promise<PhotoRow[]> {
  const waiting = await precious.outbox.where('user_id').equals(userId).toArray();
  const uncreated = new Set(waiting.filter((row) => row.kind === 'create').map((row) => row.point_id));
  const nowMs = now().getTime();
  const rows = await photosToSend(precious, userId);
  return (
    rows
      // Just as the camera gave it, it tells more than a point should: it is made smaller first.
      .filter((row) => !row.raw && isDue(row.not_before, nowMs) && !uncreated.has(row.point_id))
      .sort((a, b) => a.taken_at.localeCompare(b.taken_at))
  );
}

async function sendPhoto(ctx: SyncContext, photo: PhotoRow, signal: AbortSignal): Promise<boolean> {
  const { precious, api, userId } = ctx;
  const bytes = (await precious.photo_bytes.get(photo.id))?.bytes;
  if (!bytes) return commitWithoutBytes(ctx, photo, signal);
  if (photo.mime !== 'image/jpeg') return refuse(ctx, photo, problem('photo_unreadable'));
  if (bytes.byteLength > LIMITS.photoBytes) return refuse(ctx, photo, problem('too_large'));
  await precious.photos.update(photo.id, { state: 'uploading', attempts: photo.attempts + 1 });
  const path = photoPath(userId, photo.point_id, photo.id, photo.sha256);
  const thumb = (await precious.photo_thumbs.get(photo.id))?.bytes;
  await uploadPhoto(api, path, bytes, { signal, asUser: userId });
  if (thumb) await uploadPhoto(api, thumbPath(path), thumb, { signal, asUser: userId });
  const answer = await commit(ctx, photo, signal);
  // Once may be a store that had not finished writing; twice is another object for good.
  if (answer.status === 'mismatch' && photo.last_problem?.code === 'photo_mismatch') {
    await resendUnderNewName(ctx, photo, bytes);
    return false;
  }
  return conclude(ctx, photo, answer);
}

function commit({ api, userId }: SyncContext, photo: PhotoRow, signal: AbortSignal): Promise<CommitAnswer> {
  const declared = {
    photo_id: photo.id,
    point_id: photo.point_id,
    path: photoPath(userId, photo.point_id, photo.id, photo.sha256),
    sha256: photo.sha256,
    size: photo.size,
    width: photo.width,
    height: photo.height,
    taken_at: photo.taken_at,
    licence: photo.licence,
    ...(photo.caption ? { caption: photo.caption } : {}),
    ...(photo.rank === undefined ? {} : { rank: photo.rank }),
  };
  return commitPhoto(api, declared, { signal, asUser: userId });
}

/**
 * The bytes were freed, or lost: the object may be there all the same (a backup restores rows, the
 * photo store keeps its objects). Where it is not, the photo is said to be lost; its thumbnail stays.
 */
async function commitWithoutBytes(ctx: SyncContext, photo: PhotoRow, signal: AbortSignal): Promise<boolean> {
  const answer = await commit(ctx, photo, signal);
  const isThere = answer.status === 'stored' || answer.status === 'rejected';
  return isThere ? conclude(ctx, photo, answer) : refuse(ctx, photo, problem('photo_bytes_lost'));
}

async function conclude(ctx: SyncContext, photo: PhotoRow, answer: CommitAnswer): Promise<boolean> {
  switch (answer.status) {
    case 'stored':
      await markStored(ctx.precious, photo.id, await serverNow(ctx));
      return true;
    case 'missing':
      return postpone(ctx, photo, problem('photo_missing_upload'));
    case 'mismatch':
      return postpone(ctx, photo, problem('photo_mismatch'));
    case 'rejected': {
      const why = problemOfCode(answer.code);
      if (answer.code === 'charter_required') throw new ProblemError(why);
      if (NOT_FINAL.includes(why.code)) return postpone(ctx, photo, why);
      return refuse(ctx, photo, why);
    }
  }
}

/** It stays and is tried later: its bytes are the only ones. */
async function postpone(ctx: SyncContext, photo: PhotoRow, why: Problem): Promise<false> {
  const not_before = ctx.now().getTime() + backoffMs(photo.attempts + 1, ctx.chance);
  await ctx.precious.photos.update(photo.id, { state: 'local', not_before, last_problem: why });
  return false;
}

/** The server, or this device, will never send it: the bytes stay for their author to see to. */
async function refuse(ctx: SyncContext, photo: PhotoRow, why: Problem): Promise<false> {
  await ctx.precious.photos.update(photo.id, { state: 'refused', last_problem: why });
  return false;
}
