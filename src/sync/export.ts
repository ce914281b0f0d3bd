import { outboxOf } from '../db/outbox.ts';
import type { Precious } from '../db/precious.ts';
import type { PhotoRow } from '../db/rows.ts';
import { zipFiles } from '../device/zip.ts';
import { UNSENT_LIST, type UnsentFile, type UnsentPhoto } from '../domain/unsent-file.ts';

interface ExportOptions {
  readonly userId: string;
  /** Id of the instance, when this device knows it. */
  readonly instance: string | null;
  readonly now: Date;
  /** Only what is about this point; everything when absent. */
  readonly pointId?: string;
}

/** Everything of a user that has not arrived, photos included, as one archive. It is not encrypted. */
export async function exportUnsent(store: Precious, options: ExportOptions): Promise<Blob> {
  const { userId, instance, now, pointId } = options;
  const isWanted = (row: { point_id: string }) => pointId === undefined || row.point_id === pointId;
  const rows = (await outboxOf(store, userId)).filter(isWanted);
  const photos = await store.photos.where('user_id').equals(userId).toArray();
  const waiting = photos.filter((one) => one.state !== 'stored' && one.state !== 'draft' && isWanted(one));
  const withBytes = new Set(await idsIn(store.photo_bytes, waiting));
  const withThumb = new Set(await idsIn(store.photo_thumbs, waiting));
  const list: UnsentFile = {
    format: 'capitelle-unsent',
    version: 2,
    instance,
    user_id: userId,
    exported_at: now.toISOString(),
    mutations: rows.map(({ mutation, frozen, saved_at }) => ({ mutation, frozen, saved_at })),
    photos: waiting.map((photo) => listed(photo, withBytes.has(photo.id), withThumb.has(photo.id))),
  };
  return zipFiles(filesOf(store, list));
}

async function* filesOf(store: Precious, list: UnsentFile): AsyncGenerator<readonly [string, Uint8Array]> {
  yield [UNSENT_LIST, new TextEncoder().encode(JSON.stringify(list))];
  for (const { id, file, thumb } of list.photos) {
    const bytes = file && (await store.photo_bytes.get(id))?.bytes;
    if (file && bytes) yield [file, new Uint8Array(bytes)];
    const small = thumb && (await store.photo_thumbs.get(id))?.bytes;
    if (thumb && small) yield [thumb, new Uint8Array(small)];
  }
}

async function idsIn(table: Precious['photo_bytes'], photos: readonly PhotoRow[]): Promise<string[]> {
  const ids = photos.map((photo) => photo.id);
  // The keys alone: the bytes are read one photo at a time, when their turn comes.
  return table.where('id').anyOf(ids).primaryKeys();
}

const EXTENSIONS: Record<string, string> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/heic': 'heic',
  'image/avif': 'avif',
};

function listed(photo: PhotoRow, hasBytes: boolean, hasThumb: boolean): UnsentPhoto {
  const { id, point_id, sha256, mime, size, width, height, taken_at, licence, caption } = photo;
  return {
    ...{ id, point_id, sha256, mime, size, width, height, taken_at, licence, caption },
    ...(photo.rank === undefined ? {} : { rank: photo.rank }),
    ...(photo.undecoded ? { undecoded: true } : {}),
    file: hasBytes ? `photos/${id}.${EXTENSIONS[mime] ?? 'bin'}` : null,
    thumb: hasThumb ? `thumbs/${id}.jpg` : null,
  };
}
