import { captionPhoto, deletePhoto, photosOfPoint, savePhoto } from '../db/photos.ts';
import { withStore } from '../db/guard.ts';
import type { PhotoRow } from '../db/rows.ts';
import type { Draft } from '../domain/draft.ts';
import type { Position } from '../domain/geo/distance.ts';
import { newPhotoId } from '../domain/id.ts';
import { LIMITS } from '../domain/limits.ts';
import { type Problem, problem, ProblemError, problemOf } from '../domain/problems.ts';
import { rawRow, urlOf } from './photo-rows.ts';
import { type PhotoKitchen, prepareKept } from './prepare-kept.ts';

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

interface Owner {
  readonly draft: () => Draft;
  /** Photos that the theme takes. */
  readonly maximum: () => number;
  /** Writes the order of the photos into the draft, now. */
  readonly order: (photoIds: readonly string[]) => Promise<void>;
}

/** The photos of an open draft. Their bytes never enter the state, only addresses of thumbnails. */
export class DraftPhotos {
  #kitchen: PhotoKitchen;
  #owner: Owner;
  #shown = $state.raw<readonly DraftPhoto[]>([]);
  #problem = $state.raw<Problem | null>(null);
  #leftOut = $state(0);
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

  /** How many of the last photos were not taken, for want of room on the point. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** Photos that the theme takes. */
  get maximum(): number {
    return this.#owner.maximum();
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
      isReady: !row.raw,
      isUnreadable: row.undecoded ?? false,
      isSent: false,
      caption: row.caption ?? '',
    }));
    this.#shown = [...(await this.#sentPhotos()), ...own];
    if (ids.join() !== draft.photo_ids.join()) await this.#owner.order(ids);
    // The app was killed while it made them smaller: it goes on where it was.
    for (const row of rows) if (row.raw) void this.#track(this.#prepare(row));
  }

  /** Takes photos from the camera or the gallery: prepared one by one, kept as soon as each is ready. */
  async add(files: readonly File[]): Promise<void> {
    this.#problem = null;
    const own = this.#shown.filter((photo) => !photo.isSent);
    const room = Math.max(0, this.maximum - own.length);
    this.#leftOut = Math.max(0, files.length - room);
    if (this.#leftOut > 0) this.#problem = problem('too_many');
    await this.#track(this.#takeAll(files.slice(0, room)));
  }

  /** Says what a photo shows; an empty text takes the words back. */
  async caption(id: string, text: string): Promise<void> {
    const { precious } = this.#kitchen;
    this.#replace(id, { caption: text });
    await this.#track(withStore(precious, () => captionPhoto(precious, id, text.trim() || null)));
  }

  /** Deletes a photo of the draft. */
  async delete(id: string): Promise<void> {
    const { precious } = this.#kitchen;
    this.#forget(id);
    await this.#owner.order(this.#owner.draft().photo_ids.filter((one) => one !== id));
    await withStore(precious, () => deletePhoto(precious, id));
  }

  /** Puts a photo one place earlier; the first one is the face of the point. */
  async putEarlier(id: string): Promise<void> {
    const ids = [...this.#owner.draft().photo_ids];
    const at = ids.indexOf(id);
    if (at < 1) return;
    ids.splice(at - 1, 2, id, ids[at - 1] ?? id);
    const rank = (photo: DraftPhoto) => (photo.isSent ? -1 : ids.indexOf(photo.id));
    this.#shown = [...this.#shown].sort((a, b) => rank(a) - rank(b));
    await this.#owner.order(ids);
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
      return url
        ? [
            {
              id: photo.id,
              url,
              isReady: true,
              isUnreadable: false,
              isSent: true,
              caption: photo.caption ?? '',
            },
          ]
        : [];
    });
  }

  #track(work: Promise<void>): Promise<void> {
    this.#pending = Promise.all([this.#pending, work]);
    return work;
  }

  /** First all of them as they came, for the app may be killed; then each made smaller in its turn. */
  async #takeAll(files: readonly File[]): Promise<void> {
    const kept: PhotoRow[] = [];
    for (const file of files) kept.push(...(await this.#keepAsItCame(file)));
    await Promise.all(kept.map((row) => this.#prepare(row)));
  }

  async #keepAsItCame(file: File): Promise<PhotoRow[]> {
    const { precious, now, random, licence } = this.#kitchen;
    const id = newPhotoId(now(), random);
    const shown = { id, url: null, isReady: false, isUnreadable: false, isSent: false, caption: '' };
    this.#shown = [...this.#shown, shown];
    try {
      if (file.size > LIMITS.photoInputBytes) throw new ProblemError('too_large', `${file.size}`);
      const bytes = await file.arrayBuffer();
      const draft = this.#owner.draft();
      const row = rawRow({ id, draft, file, now: now(), licence: licence() });
      await withStore(precious, () => savePhoto(precious, row, bytes, null));
      await this.#owner.order([...this.#owner.draft().photo_ids, id]);
      return [row];
    } catch (cause) {
      this.#forget(id);
      this.#problem = problemOf(cause);
      return [];
    }
  }

  async #prepare({ id }: PhotoRow): Promise<void> {
    const { problem: why, ready, position } = await prepareKept(this.#kitchen, id);
    if (why) this.#problem = why;
    if (position) this.#foundAt = position;
    if (ready) this.#replace(id, { ...ready, isReady: true });
    else await this.delete(id);
  }

  #replace(id: string, change: Partial<DraftPhoto>): void {
    this.#shown = this.#shown.map((shown) => (shown.id === id ? { ...shown, ...change } : shown));
  }

  #forget(id: string): void {
    const gone = this.#shown.find((photo) => photo.id === id);
    if (gone?.url) URL.revokeObjectURL(gone.url);
    this.#shown = this.#shown.filter((photo) => photo.id !== id);
  }
}
