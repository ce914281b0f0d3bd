import type { Precious } from '../db/precious.ts';
import { shareFile } from '../device/share.ts';
import { ProblemError } from '../domain/problems.ts';
import { urlOf } from './photo-rows.ts';

/** Hands over a photo that does not leave, as it came, or what is left of it: its thumbnail. Throws `photo_bytes_lost`. */
export async function savePhotoFile(precious: Precious, photoId: string): Promise<void> {
  const row = await precious.photos.get(photoId);
  const whole = await precious.photo_bytes.get(photoId);
  const kept = whole ?? (await precious.photo_thumbs.get(photoId));
  if (!row || !kept) throw new ProblemError('photo_bytes_lost');
  const type = whole ? row.mime : 'image/jpeg';
  await shareFile(new File([kept.bytes], `${photoId}.${type.split('/')[1] ?? 'bin'}`, { type }));
}

/** Thumbnail of a photo of a point taken here, as an address to release; null when there is none. */
export async function thumbnailOf(precious: Precious, pointId: string): Promise<string | null> {
  const photos = await precious.photos.where('point_id').equals(pointId).sortBy('taken_at');
  const thumbs = await precious.photo_thumbs.bulkGet(photos.map((photo) => photo.id));
  const thumb = thumbs.find((one) => one !== undefined);
  return urlOf(thumb?.bytes ?? null);
}
