import { callTables, textsOnTheirWay } from '../db/calls.ts';
import { draftsOf } from '../db/drafts.ts';
import { outboxOf } from '../db/outbox.ts';
import { photoTables } from '../db/photos.ts';
import type { Precious } from '../db/precious.ts';
import type { PhotoRow } from '../db/rows.ts';
import { sha256Hex } from '../device/sha256.ts';
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

/**
 * Everything of a user that has not arrived, and what is not finished, photos included, as one
 * archive. It is not encrypted.
 */
export async function exportUnsent(store: Precious, options: ExportOptions): Promise<Blob> {
  const { userId, instance, now, pointId } = options;
  const isWanted = (row: { point_id: string }) => pointId === undefined || row.point_id === pointId;
  // Together: a call that ends meanwhile writes its texts on its rows.
  const [all, onTheirWay] = await store.transaction('r', callTables(store), () =>
    Promise.all([outboxOf(store, userId), textsOnTheirWay(store, userId)]),
  );
  const rows = all.filter(isWanted);
  const drafts = (await draftsOf(store, userId)).filter((one) => isWanted({ point_id: one.id }));
  const unfinished = new Set(drafts.flatMap((draft) => draft.photo_ids));
  const photos = (await store.photos.where('user_id').equals(userId).toArray()).filter(isWanted);
  const waiting = photos.filter((one) => one.state !== 'stored' && one.state !== 'draft');
  return zipFiles(
    filesOf(store, {
      waiting,
      unfinished: photos.filter((one) => one.state === 'draft' && unfinished.has(one.id)),
      list: {
        format: 'capitelle-unsent',
        version: 2,
        instance,
        user_id: userId,
        exported_at: now.toISOString(),
        mutations: rows.map(({ n = 0, mutation, frozen, saved_at }) => ({
          mutation,
          frozen: frozen ?? onTheirWay.get(n) ?? null,
          saved_at,
        })),
        drafts,
      },
    }),
  );
}

interface Content {
  readonly list: Omit<UnsentFile, 'photos' | 'draft_photos'>;
  readonly waiting: readonly PhotoRow[];
  readonly unfinished: readonly PhotoRow[];
}

/**
 * The photos one at a time, then the list: a photo may leave or be made smaller meanwhile, and what the list says of
 * each is what the archive holds.
 */
async function* filesOf(
  store: Precious,
  { list, waiting, unfinished }: Content,
): AsyncGenerator<readonly [string, Uint8Array]> {
  const photos: UnsentPhoto[] = [];
  const draft_photos: UnsentPhoto[] = [];
  for (const [rows, told] of [
    [waiting, photos],
    [unfinished, draft_photos],
  ] as const) {
    for (const { id } of rows) {
      const { row, bytes, thumb } = await photoNow(store, id);
      // Arrived, or discarded, since the export began.
      if (!row || row.state === 'stored') continue;
      const one = await listed(row, bytes, thumb);
      told.push(one);
      if (one.file && bytes) yield [one.file, bytes];
      if (one.thumb && thumb) yield [one.thumb, thumb];
    }
  }
  yield [UNSENT_LIST, new TextEncoder().encode(JSON.stringify({ ...list, photos, draft_photos }))];
}

/** A photo and its bytes, of one instant. */
function photoNow(store: Precious, id: string) {
  return store.transaction('r', photoTables(store), async () => {
    const [row, bytes, thumb] = await Promise.all([
      store.photos.get(id),
      store.photo_bytes.get(id),
      store.photo_thumbs.get(id),
    ]);
    return {
      row,
      bytes: bytes && new Uint8Array(bytes.bytes),
      thumb: thumb && new Uint8Array(thumb.bytes),
    };
  });
}

const EXTENSIONS: Record<string, string> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/heic': 'heic',
  'image/avif': 'avif',
};

async function listed(
  photo: PhotoRow,
  bytes: Uint8Array<ArrayBuffer> | undefined,
  small: Uint8Array<ArrayBuffer> | undefined,
): Promise<UnsentPhoto> {
  const { id, point_id, mime, size, width, height, taken_at, licence, caption } = photo;
  return {
    ...{ id, point_id, mime, size, width, height, taken_at, licence, caption },
    // Just as the camera gave it, it has no hash yet.
    sha256: photo.raw ? await sha256Hex(bytes?.buffer ?? new ArrayBuffer(0)) : photo.sha256,
    ...(photo.rank === undefined ? {} : { rank: photo.rank }),
    ...(photo.given_with === undefined ? {} : { given_with: photo.given_with }),
    ...(photo.found_at === undefined ? {} : { found_at: photo.found_at }),
    ...(photo.undecoded ? { undecoded: true } : {}),
    ...(photo.raw ? { raw: true } : {}),
    file: bytes ? `photos/${id}.${EXTENSIONS[mime] ?? 'bin'}` : null,
    thumb: small ? `thumbs/${id}.jpg` : null,
  };
}
