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
  return {
    ...kept,
    raw: false,
    sha256: photo.sha256,
    mime: photo.mime,
    size: photo.bytes.byteLength,
    width: photo.width,
    height: photo.height,
    taken_at: photo.takenAt ?? kept.taken_at,
    attempts: 0,
    ...(photo.isDecoded ? {} : { undecoded: true }),
  };
}

/** Address of a thumbnail, to release after use; null when there is none. */
export function urlOf(thumb: ArrayBuffer | null): string | null {
  return thumb && URL.createObjectURL(new Blob([thumb], { type: 'image/jpeg' }));
}
