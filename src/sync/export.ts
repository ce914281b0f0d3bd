import { outboxOf } from '../db/outbox.ts';
import type { Precious } from '../db/precious.ts';
import type { PhotoRow } from '../db/rows.ts';
import type { UnsentFile, UnsentPhoto } from '../domain/unsent-file.ts';
import { toBase64 } from './base64.ts';

/** Everything of a user that has not arrived, photos included, as the text of a file. */
export async function exportUnsent(store: Precious, userId: string, now: Date): Promise<string> {
  const rows = await outboxOf(store, userId);
  const photos = await store.photos.where('user_id').equals(userId).toArray();
  const waiting = photos.filter((photo) => photo.state !== 'stored' && photo.state !== 'draft');
  const file: UnsentFile = {
    format: 'capitelle-unsent',
    version: 1,
    user_id: userId,
    exported_at: now.toISOString(),
    mutations: rows.map(({ mutation, frozen, saved_at }) => ({ mutation, frozen, saved_at })),
    photos: [],
  };
  // One after the other: the bytes of all photos at once would not fit an old phone.
  for (const photo of waiting) file.photos.push(await exportPhoto(store, photo));
  return JSON.stringify(file);
}

async function exportPhoto(store: Precious, photo: PhotoRow): Promise<UnsentPhoto> {
  const bytes = await store.photo_bytes.get(photo.id);
  const thumb = await store.photo_thumbs.get(photo.id);
  return {
    id: photo.id,
    point_id: photo.point_id,
    sha256: photo.sha256,
    mime: photo.mime,
    size: photo.size,
    width: photo.width,
    height: photo.height,
    taken_at: photo.taken_at,
    licence: photo.licence,
    caption: photo.caption,
    ...(photo.undecoded ? { undecoded: true } : {}),
    bytes: bytes ? toBase64(bytes.bytes) : null,
    thumb: thumb ? toBase64(thumb.bytes) : null,
  };
}
