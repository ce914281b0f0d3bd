import type { Precious } from '../db/precious.ts';
import { deletePhoto, photosOfPoint, savePhoto } from '../db/photos.ts';
import { withStore } from '../db/guard.ts';
import type { PhotoRow } from '../db/rows.ts';
import type { PreparedPhoto } from '../device/image-pipeline.ts';
import type { Draft } from '../domain/draft.ts';
import type { Position } from '../domain/geo/distance.ts';
import { newPhotoId, type RandomBytes } from '../domain/id.ts';
import { LIMITS } from '../domain/limits.ts';
import { type Problem, problem, problemOf } from '../domain/problems.ts';

/** What turns a file of the camera into a kept photo. */
export interface PhotoKitchen {
  readonly precious: Precious;
  readonly prepare: (file: Blob) => Promise<PreparedPhoto>;
  readonly now: () => Date;
  readonly random: RandomBytes;
  /** Licence under which the person gives photos: the one of the charter they accepted. */
  readonly licence: () => string;
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
}

interface Owner {
  readonly draft: () => Draft;
  /** Writes the order of the photos into the draft, now. */
  readonly order: (photoIds: readonly string[]) => Promise<void>;
}

/** The photos of an open draft. Their bytes never enter the state, only addresses of thumbnails. */
export class DraftPhotos {
  #kitchen: PhotoKitchen;
  #owner: Owner;
  #shown = $state.raw<readonly DraftPhoto[]>([]);
  #problem = $state.raw<Problem | null>(null);
  #foundAt = $state.raw<(Position & { accuracyMeters: number | null }) | null>(null);
  #pending: Promise<unknown> = Promise.resolve();

  constructor(kitchen: PhotoKitchen, owner: Owner) {
    this.#kitchen = kitchen;
    this.#owner = owner;
  }

  get list(): readonly DraftPhoto[] {
    return this.#shown;
  }

  /** Why the last photo was not taken. */
  get problem(): Problem | null {
    return this.#problem;
  }

  /** Where a photo says it was taken, proposed when the point is elsewhere. */
  get position(): (Position & { accuracyMeters: number | null }) | null {
    return this.#foundAt;
  }

  /** Forgets the proposal of a photo's position. */
  ignorePosition(): void {
    this.#foundAt = null;
  }

  /**
   * Shows the photos that the draft already has: also one whose bytes were kept just before the app
   * was killed, and which the draft does not list yet.
   */
  async load(): Promise<void> {
    const { precious } = this.#kitchen;
    const draft = this.#owner.draft();
    const rows = (await photosOfPoint(precious, draft.id)).filter((row) => row.state === 'draft');
    const rank = (id: string) => draft.photo_ids.indexOf(id) >>> 0;
    rows.sort((a, b) => rank(a.id) - rank(b.id) || a.id.localeCompare(b.id));
    const ids = rows.map((row) => row.id);
    const thumbs = await precious.photo_thumbs.bulkGet(ids);
    const own = rows.map((row, index) => ({
      id: row.id,
      url: urlOf(thumbs[index]?.bytes ?? null),
      isReady: true,
      isUnreadable: row.undecoded ?? false,
      isSent: false,
    }));
    this.#shown = [...(await this.#sentPhotos()), ...own];
    if (ids.join() !== draft.photo_ids.join()) await this.#owner.order(ids);
  }

  /** Takes photos from the camera or the gallery: prepared one by one, kept as soon as each is ready. */
  async add(files: readonly File[]): Promise<void> {
    this.#problem = null;
    const room = LIMITS.photosPerPoint - this.#shown.length;
    if (files.length > room) this.#problem = problem('too_many');
    await Promise.all(files.slice(0, Math.max(0, room)).map((file) => this.#track(this.#take(file))));
  }

  /** Deletes a photo of the draft. */
  async delete(id: string): Promise<void> {
    const { precious } = this.#kitchen;
    this.#forget(id);
    await this.#owner.order(this.#owner.draft().photo_ids.filter((one) => one !== id));
    await withStore(precious, () => deletePhoto(precious, id));
  }

  /** Makes a photo the first one: the face of the point. */
  async putFirst(id: string): Promise<void> {
    const ids = this.#owner.draft().photo_ids.filter((one) => one !== id);
    this.#shown = [...this.#shown].sort((a, b) => Number(b.id === id) - Number(a.id === id));
    await this.#owner.order([id, ...ids]);
  }

  /** Resolves when no photo is being prepared any more. */
  async settled(): Promise<void> {
    let last: Promise<unknown>;
    do {
      last = this.#pending;
      await last;
    } while (last !== this.#pending);
  }

  /** Gives back the memory of the thumbnails. */
  close(): void {
    for (const photo of this.#shown) if (photo.url?.startsWith('blob:')) URL.revokeObjectURL(photo.url);
  }

  /** Photos that the point being edited has, as far as this device can show them. */
  async #sentPhotos(): Promise<DraftPhoto[]> {
    const photos = this.#owner.draft().seen?.photos ?? [];
    const thumbs = await this.#kitchen.precious.photo_thumbs.bulkGet(photos.map((photo) => photo.id));
    return photos.flatMap((photo, index) => {
      const url = urlOf(thumbs[index]?.bytes ?? null) ?? photo.thumb_url ?? null;
      return url ? [{ id: photo.id, url, isReady: true, isUnreadable: false, isSent: true }] : [];
    });
  }

  #track(work: Promise<void>): Promise<void> {
    this.#pending = Promise.all([this.#pending, work]);
    return work;
  }

  async #take(file: File): Promise<void> {
    const { precious, prepare, now, random } = this.#kitchen;
    const id = newPhotoId(now(), random);
    const shown = { id, url: null, isReady: false, isUnreadable: false, isSent: false };
    this.#shown = [...this.#shown, shown];
    try {
      const photo = await prepare(file);
      const row = this.#rowOf(id, photo);
      await withStore(precious, () => savePhoto(precious, row, photo.bytes, photo.thumb));
      await this.#owner.order([...this.#owner.draft().photo_ids, id]);
      const ready = {
        id,
        url: urlOf(photo.thumb),
        isReady: true,
        isUnreadable: !photo.isDecoded,
        isSent: false,
      };
      this.#shown = this.#shown.map((shown) => (shown.id === id ? ready : shown));
      if (photo.position) this.#foundAt = photo.position;
    } catch (cause) {
      this.#forget(id);
      this.#problem = problemOf(cause);
    }
  }

  #rowOf(id: string, photo: PreparedPhoto): PhotoRow {
    const draft = this.#owner.draft();
    return {
      id,
      point_id: draft.id,
      user_id: draft.user_id,
      sha256: photo.sha256,
      mime: photo.mime,
      size: photo.bytes.byteLength,
      width: photo.width,
      height: photo.height,
      taken_at: photo.takenAt ?? this.#kitchen.now().toISOString(),
      licence: this.#kitchen.licence(),
      caption: null,
      state: 'draft',
      attempts: 0,
      last_problem: null,
      not_before: 0,
      ...(photo.isDecoded ? {} : { undecoded: true }),
    };
  }

  #forget(id: string): void {
    const gone = this.#shown.find((photo) => photo.id === id);
    if (gone?.url) URL.revokeObjectURL(gone.url);
    this.#shown = this.#shown.filter((photo) => photo.id !== id);
  }
}

function urlOf(thumb: ArrayBuffer | null): string | null {
  return thumb && URL.createObjectURL(new Blob([thumb], { type: 'image/jpeg' }));
}
