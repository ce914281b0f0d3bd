import { renamePhoto } from '../db/photos.ts';
import type { PhotoRow } from '../db/rows.ts';
import { randomBytes } from '../device/random.ts';
import { sha256Hex } from '../device/sha256.ts';
import { newPhotoId } from '../domain/id.ts';
import { backoffMs } from './backoff.ts';
import type { SyncContext } from './context.ts';

/**
 * Puts a photo under a new name. An object is never written over: where the server holds other bytes
 * than this phone sent (an upload cut short that the store kept), the old name would be a mismatch
 * for ever. Size and hash are taken anew from the bytes that are here.
 */
export async function resendUnderNewName(
  ctx: SyncContext,
  photo: PhotoRow,
  bytes: ArrayBuffer,
): Promise<void> {
  const { precious, now, chance } = ctx;
  await renamePhoto(precious, photo.id, {
    id: newPhotoId(new Date(photo.taken_at), randomBytes),
    sha256: await sha256Hex(bytes),
    size: bytes.byteLength,
    state: 'local',
    last_problem: null,
    not_before: now().getTime() + backoffMs(photo.attempts + 1, chance),
  });
}
