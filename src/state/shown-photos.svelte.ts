import type { PhotoRow } from '../db/rows.ts';
import { type DraftPhoto } from './photo-rows.ts';

/** Where a photo says that it was taken. */
type PhotoPlace = NonNullable<PhotoRow['found_at']>;

/** The photos of a draft as they show: addresses of thumbnails, which hold memory until they are released. */
export class ShownPhotos {
  #list = $state.raw<readonly DraftPhoto[]>([]);
  /** Where photos say that they were taken, by photo, the last one at the end. */
  #foundAt = $state.raw<ReadonlyMap<string, PhotoPlace>>(new Map());

  get list(): readonly DraftPhoto[] {
    return this.#list;
  }

  /** Where the last photo that knows it was taken. */
  get position(): PhotoPlace | null {
    return [...this.#foundAt.values()].at(-1) ?? null;
  }

  /** Shows others instead; `rows` are those of the draft. */
  show(list: readonly DraftPhoto[], rows: readonly PhotoRow[]): void {
    this.release();
    this.#list = list;
    this.#foundAt = new Map(rows.flatMap(({ id, found_at }) => (found_at ? [[id, found_at]] : [])));
  }

  /** Shows one that is on the disk, and not ready yet. */
  add(id: string): void {
    const photo = { id, url: null, isReady: false, isUnreadable: false, isSent: false, caption: '' };
    this.#list = [...this.#list, photo];
  }

  replace(id: string, change: Partial<DraftPhoto>, foundAt: PhotoPlace | null = null): void {
    this.#list = this.#list.map((shown) => (shown.id === id ? { ...shown, ...change } : shown));
    if (foundAt) this.#foundAt = new Map([...this.#foundAt, [id, foundAt]]);
  }

  /** Puts the draft's own in an order; those that were sent come before. */
  sort(photoIds: readonly string[]): void {
    const rank = (photo: DraftPhoto) => (photo.isSent ? -1 : photoIds.indexOf(photo.id));
    this.#list = [...this.#list].sort((a, b) => rank(a) - rank(b));
  }

  /** Answers whether it showed. */
  forget(id: string): boolean {
    const gone = this.#list.find((photo) => photo.id === id);
    if (gone?.url) URL.revokeObjectURL(gone.url);
    this.#list = this.#list.filter((photo) => photo.id !== id);
    this.#foundAt = new Map([...this.#foundAt].filter(([photo]) => photo !== id));
    return gone !== undefined;
  }

  /** Forgets what photos say of the place; returns those that said something. */
  forgetPositions(): string[] {
    const ids = [...this.#foundAt.keys()];
    this.#foundAt = new Map();
    return ids;
  }

  /** Gives back the memory of the thumbnails. */
  release(): void {
    for (const photo of this.#list) if (photo.url?.startsWith('blob:')) URL.revokeObjectURL(photo.url);
  }
}
