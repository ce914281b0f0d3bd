import type { PreparedPhoto } from '../device/image-pipeline.ts';
import { LIMITS } from '../domain/limits.ts';
import { ProblemError } from '../domain/problems.ts';
import { askPhotoWorker, hasPhotoWorker } from './photo-keeper-in-worker.ts';

/**
 * A photo upright and small enough for a report, without what the camera wrote beside it. Throws ProblemError
 * `not_an_image`, `photo_unreadable` (this browser cannot decode it) or `too_large`.
 */
export async function smallPhoto(file: Blob): Promise<ArrayBuffer> {
  const { bytes, isDecoded } = await prepared(file);
  if (!isDecoded) throw new ProblemError('photo_unreadable');
  if (bytes.byteLength > LIMITS.reportPhotoBytes) throw new ProblemError('too_large');
  return bytes;
}

async function prepared(file: Blob): Promise<Pick<PreparedPhoto, 'bytes' | 'isDecoded'>> {
  if (hasPhotoWorker()) return askPhotoWorker({ verb: 'shrink', file });
  return (await import('../device/image-pipeline.ts')).preparePhoto(file);
}
