import { photosOfDraft, photosOfPoint } from '../db/photos.ts';
import type { Precious } from '../db/precious.ts';
import type { PhotoRow } from '../db/rows.ts';
import type { PreparedPhoto } from '../device/image-pipeline.ts';
import type { Draft } from '../domain/draft.ts';

interface Arrival {
  readonly id: string;
  readonly draft: Draft;
  readonly file: Blob;
  readonly now: Date;
  readonly licence: string;
}

/** The row of a photo just as the camera gave it: kept before anything is done with it. */
export function rawRow({ id, draft, file, now, licence }: Arrival): PhotoRow {
  return {
    id,
    point_id: draft.id,
    user_id: draft.user_id,
    sha256: '',
    mime: file.type,
    size: file.size,
    width: 1,
    height: 1,
    taken_at: now.toISOString(),
    licence,
    caption: null,
    state: 'draft',
    attempts: 0,
    last_problem: null,
    not_before: 0,
    raw: true,
  };
}

/** The same photo once it is ready to leave. */
export function preparedRow(kept: PhotoRow, photo: PreparedPhoto): PhotoRow {
  // It may have been given up before there was room for it.
  const known: { undecoded?: boolean } = { ...kept };
  delete known.undecoded;
  return {
    ...(known as PhotoRow),
    raw: false,
    sha256: photo.sha256,
    mime: photo.mime,
    size: photo.bytes.byteLength,
    width: photo.width,
    height: photo.height,
    taken_at: photo.takenAt ?? kept.taken_at,
    attempts: 0,
    ...(photo.isDecoded ? {} : { undecoded: true }),
    ...(photo.position ? { found_at: photo.position } : {}),
  };
}

/** The photos of a draft in its order; those that it does not list yet come last. */
export async function photosInOrder(precious: Precious, draft: Draft): Promise<PhotoRow[]> {
  const rank = (id: string) => draft.photo_ids.indexOf(id) >>> 0;
  const rows = await photosOfDraft(precious, draft);
  return rows.sort((a, b) => rank(a.id) - rank(b.id) || a.id.localeCompare(b.id));
}

/** Address of a thumbnail, to release after use; null when there is none. */
export function urlOf(thumb: ArrayBuffer | null): string | null {
  return thumb && URL.createObjectURL(new Blob([thumb], { type: 'image/jpeg' }));
}

/** A photo on the screen. `url` is null while it is being prepared, or when it cannot be shown. */
export interface DraftPhoto {
  readonly id: string;
  readonly url: string | null;
  readonly isReady: boolean;
  /** This browser cannot read it: kept as it came. */
  readonly isUnreadable: boolean;
  /** Already on the server: shown, not this draft's to change. */
  readonly isSent: boolean;
  readonly caption: string;
}

/** A photo of the draft, with its thumbnail. */
export function shownRow(row: PhotoRow, thumb: ArrayBuffer | null): DraftPhoto {
  return {
    id: row.id,
    url: urlOf(thumb),
    isReady: !row.raw,
    isUnreadable: row.undecoded ?? false,
    isSent: false,
    caption: row.caption ?? '',
  };
}

/**
 * How many photos the author of a draft has given to its point before, as far as this device knows: the server counts
 * them too, and refuses those beyond what the theme takes.
 */
export async function countGiven(precious: Precious, draft: Draft): Promise<number> {
  const { user_id, seen, observes } = draft;
  const here = await photosOfPoint(precious, observes?.point_id ?? draft.id);
  const isGiven = (row: PhotoRow) =>
    row.user_id === user_id && row.state !== 'draft' && row.state !== 'refused';
  const there = (seen?.photos ?? []).filter((photo) => photo.mine);
  return new Set([...here.filter(isGiven), ...there].map((photo) => photo.id)).size;
}

/** Photos that the point being edited has, as far as this device can show them. */
export async function sentPhotos(precious: Precious, { seen }: Draft): Promise<DraftPhoto[]> {
  const photos = seen?.photos ?? [];
  const thumbs = await precious.photo_thumbs.bulkGet(photos.map((photo) => photo.id));
  return photos.flatMap((photo, index) => {
    const url = urlOf(thumbs[index]?.bytes ?? null) ?? photo.thumb_url ?? null;
    const caption = photo.caption ?? '';
    return url ? [{ id: photo.id, url, isReady: true, isUnreadable: false, isSent: true, caption }] : [];
  });
}
