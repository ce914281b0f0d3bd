import { callTables, textsOnTheirWay } from '../db/calls.ts';
import { draftsOf } from '../db/drafts.ts';
import { outboxOf } from '../db/outbox.ts';
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
  const list: UnsentFile = {
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
    photos: await listed(store, waiting),
    drafts,
    draft_photos: await listed(
      store,
      photos.filter((one) => one.state === 'draft' && unfinished.has(one.id)),
    ),
  };
  return zipFiles(filesOf(store, list));
}

async function* filesOf(store: Precious, list: UnsentFile): AsyncGenerator<readonly [string, Uint8Array]> {
  yield [UNSENT_LIST, new TextEncoder().encode(JSON.stringify(list))];
  for (const { id, file, thumb } of [...list.photos, ...list.draft_photos]) {
    const bytes = file && (await store.photo_bytes.get(id))?.bytes;
    if (file && bytes) yield [file, new Uint8Array(bytes)];
    const small = thumb && (await store.photo_thumbs.get(id))?.bytes;
    if (thumb && small) yield [thumb, new Uint8Array(small)];
  }
}

async function idsIn(table: Precious['photo_bytes'], photos: readonly PhotoRow[]): Promise<Set<string>> {
  const ids = photos.map((photo) => photo.id);
  // The keys alone: the bytes are read one photo at a time, when their turn comes.
  return new Set(await table.where('id').anyOf(ids).primaryKeys());
}

const EXTENSIONS: Record<string, string> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/heic': 'heic',
  'image/avif': 'avif',
};

async function listed(store: Precious, photos: readonly PhotoRow[]): Promise<UnsentPhoto[]> {
  const withBytes = await idsIn(store.photo_bytes, photos);
  const withThumb = await idsIn(store.photo_thumbs, photos);
  const list: UnsentPhoto[] = [];
  for (const photo of photos) {
    const { id, point_id, mime, size, width, height, taken_at, licence, caption } = photo;
    list.push({
      ...{ id, point_id, mime, size, width, height, taken_at, licence, caption },
      sha256: photo.raw ? await hashOf(store, id) : photo.sha256,
      ...(photo.rank === undefined ? {} : { rank: photo.rank }),
      ...(photo.given_with === undefined ? {} : { given_with: photo.given_with }),
      ...(photo.found_at === undefined ? {} : { found_at: photo.found_at }),
      ...(photo.undecoded ? { undecoded: true } : {}),
      ...(photo.raw ? { raw: true } : {}),
      file: withBytes.has(id) ? `photos/${id}.${EXTENSIONS[mime] ?? 'bin'}` : null,
      thumb: withThumb.has(id) ? `thumbs/${id}.jpg` : null,
    });
  }
  return list;
}

/** Of a photo just as the camera gave it, which has none yet. */
async function hashOf(store: Precious, id: string): Promise<string> {
  return sha256Hex((await store.photo_bytes.get(id))?.bytes ?? new ArrayBuffer(0));
}
