import { captionPhoto, deleteDraftPhotoForAWhile, photosOfDraft } from '../db/photos.ts';
import { withStore } from '../db/guard.ts';
import type { Precious } from '../db/precious.ts';
import type { PhotoRow } from '../db/rows.ts';
import { type Draft, withPhotoEarlier } from '../domain/draft.ts';
import { newPhotoId, type RandomBytes } from '../domain/id.ts';
import { LIMITS } from '../domain/limits.ts';
import { type Problem, problem, ProblemError, problemOf } from '../domain/problems.ts';
import { lastOf } from './last-of.ts';
import {
  countGiven,
  type DraftPhoto,
  photosInOrder,
  rawRow,
  sentPhotos,
  shownRow,
  urlOf,
} from './photo-rows.ts';
import type { PhotoKeeper } from './photo-keeper.ts';
import { ShownPhotos } from './shown-photos.svelte.ts';

/** What turns a file of the camera into a kept photo. */
export interface PhotoKitchen {
  readonly precious: Precious;
  readonly keeper: PhotoKeeper;
  readonly now: () => Date;
  readonly random: RandomBytes;
  /** Licence under which the person gives photos: the one of the charter they accepted. */
  readonly licence: () => string;
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
  /** Their rows as they were when they last came to rest: they may have changed since. */
  asRead: readonly PhotoRow[] = [];
  #kitchen: PhotoKitchen;
  #owner: Owner;
  #shown = new ShownPhotos();
  #problem = $state.raw<Problem | null>(null);
  #leftOut = $state(0);
  #beingKept = $state(0);
  /** Photos that the point has of its author, beside those of the draft. */
  #given = 0;
  #pending: Promise<unknown> = Promise.resolve();
  /** What is being written, as against what is being made smaller. */
  #writing: Promise<unknown> = Promise.resolve();
  #isClosed = false;
  readonly #inTheMaking = new Set<string>();

  constructor(kitchen: PhotoKitchen, owner: Owner) {
    this.#kitchen = kitchen;
    this.#owner = owner;
  }

  get list(): readonly DraftPhoto[] {
    return this.#shown.list;
  }

  /** Whether a photo shows that the database does not have yet. */
  get isKeeping(): boolean {
    return this.#beingKept > 0;
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
  get position(): PhotoRow['found_at'] | null {
    return this.#shown.position;
  }

  /** Forgets what photos say of the place, for good. */
  async ignorePosition(): Promise<void> {
    const ids = this.#shown.forgetPositions();
    await this.#kitchen.precious.photos.where('id').anyOf(ids).modify({ found_at: null });
  }

  /**
   * Shows the photos that the draft already has: also one whose bytes were kept just before the app
   * was killed, and which the draft does not list yet.
   */
  async load(): Promise<void> {
    const draft = this.#owner.draft();
    const rows = await photosInOrder(this.#kitchen.precious, draft);
    const ids = rows.map((row) => row.id);
    await this.#show(rows);
    // A capture that turned out to be of a known point brings its own.
    if (rows.length > 0 && this.#room() < 0) this.#problem = problem('too_many');
    if (ids.join() !== draft.photo_ids.join()) await this.#owner.order(ids);
  }

  /** Shows the photos of the draft as another window has left them. */
  async refresh(): Promise<void> {
    const draft = this.#owner.draft();
    const rows = await photosInOrder(this.#kitchen.precious, draft);
    const listed = rows.filter((row) => draft.photo_ids.includes(row.id));
    await this.#show(listed, () => this.#owner.draft().photo_ids === draft.photo_ids);
  }

  async #show(rows: readonly PhotoRow[], isStillSo = () => true): Promise<void> {
    const thumbs = await this.#kitchen.precious.photo_thumbs.bulkGet(rows.map((row) => row.id));
    this.#given = await countGiven(this.#kitchen.precious, this.#owner.draft());
    const sent = await sentPhotos(this.#kitchen.precious, this.#owner.draft());
    // One was taken here meanwhile: it must not vanish.
    if (!isStillSo()) return this.refresh();
    const own = rows.map((row, index) => shownRow(row, thumbs[index]?.bytes ?? null));
    this.asRead = rows;
    this.#shown.show([...sent, ...own], rows);
    // The app was killed while it made them smaller: it goes on where it was.
    for (const row of rows)
      if (row.raw && !this.#inTheMaking.has(row.id)) void this.#track(this.#prepare(row));
  }

  /** Takes photos from the camera or the gallery: prepared one by one, kept as soon as each is ready. */
  async add(files: readonly File[]): Promise<void> {
    this.#problem = null;
    const taken = files.slice(0, Math.max(0, this.#room()));
    this.#leftOut = files.length - taken.length;
    if (this.#leftOut > 0) this.#problem = problem('too_many');
    this.#beingKept += taken.length;
    const kept = this.#keepAll(taken);
    this.#writing = Promise.all([this.#writing, kept]);
    await this.#track(kept.then((rows) => Promise.all(rows.map((row) => this.#prepare(row)))));
  }

  /** How many more the point takes; what its author gave it before counts, and what is being kept. */
  #room(): number {
    const own = this.list.filter((photo) => !photo.isSent).length;
    return this.maximum - this.#given - own - this.#beingKept;
  }

  /** Says what a photo shows; an empty text takes the words back. */
  async caption(id: string, text: string): Promise<void> {
    const { precious } = this.#kitchen;
    this.#shown.replace(id, { caption: text });
    const written = withStore(precious, () => captionPhoto(precious, id, text.trim() || null));
    this.#writing = Promise.all([this.#writing, written.catch(() => undefined)]);
    await this.#track(written).catch((cause: unknown) => (this.#problem = problemOf(cause)));
  }

  /** Deletes a photo of the draft. Returns the way back; it answers whether the draft was still there. */
  async delete(id: string): Promise<() => Promise<boolean>> {
    const { precious } = this.#kitchen;
    const at = this.#owner.draft().photo_ids.indexOf(id);
    this.#shown.forget(id);
    await this.#owner.order(this.#owner.draft().photo_ids.filter((one) => one !== id));
    const putBack = await withStore(precious, () => deleteDraftPhotoForAWhile(precious, id));
    return async () => {
      if (!(await withStore(precious, putBack))) return false;
      if (this.#isClosed) return true;
      await this.#owner.order(this.#owner.draft().photo_ids.toSpliced(at, 0, id));
      await this.refresh();
      return true;
    };
  }

  /** Puts a photo one place earlier; the first one is the face of the point. */
  async putEarlier(id: string): Promise<void> {
    const ids = withPhotoEarlier(this.#owner.draft(), id);
    this.#shown.sort(ids);
    await this.#owner.order(ids);
  }

  /** Resolves when no photo is being prepared any more; what failed was told. */
  settled(): Promise<void> {
    return lastOf(() => this.#pending);
  }

  /** Resolves when all that was given is on the disk, made smaller or not. */
  kept(): Promise<void> {
    return lastOf(() => this.#writing);
  }

  /** Gives back the memory of the thumbnails. What is still being made smaller goes on, unseen. */
  close(): void {
    this.#isClosed = true;
    this.#shown.release();
  }

  #track<T>(work: Promise<T>): Promise<T> {
    this.#pending = Promise.all([this.#pending, work.catch(() => undefined).then(() => this.#readAgain())]);
    return work;
  }

  /** A comfort of the save that follows: without it, the save asks by itself. */
  async #readAgain(): Promise<void> {
    if (this.#isClosed) return;
    this.asRead = await photosOfDraft(this.#kitchen.precious, this.#owner.draft()).catch(() => []);
  }

  /** First all of them as they came, for the app may be killed; then each is made smaller in its turn. */
  async #keepAll(files: readonly File[]): Promise<PhotoRow[]> {
    const kept: PhotoRow[] = [];
    for (const file of files) kept.push(...(await this.#keepAsItCame(file)));
    return kept;
  }

  async #keepAsItCame(file: File): Promise<PhotoRow[]> {
    const { keeper, now, random, licence } = this.#kitchen;
    const id = newPhotoId(now(), random);
    try {
      if (file.size > LIMITS.photoInputBytes) throw new ProblemError('too_large', `${file.size}`);
      const draft = this.#owner.draft();
      const row = rawRow({ id, draft, file, now: now(), licence: licence() });
      await keeper.keep(row, file);
      // Shown from here on: what a person sees is on the disk.
      this.#shown.add(id);
      this.#beingKept -= 1;
      await this.#owner.order([...this.#owner.draft().photo_ids, id]);
      return [row];
    } catch (cause) {
      if (!this.#shown.forget(id)) this.#beingKept -= 1;
      this.#problem = problemOf(cause);
      return [];
    }
  }

  async #prepare({ id }: PhotoRow): Promise<void> {
    this.#inTheMaking.add(id);
    const { problem: why, ready, position } = await this.#kitchen.keeper.prepare(id);
    this.#inTheMaking.delete(id);
    // It was saved meanwhile: whoever finishes photos sees to this one.
    if (this.#isClosed) return;
    if (why) this.#problem = why;
    if (ready) {
      const change = { url: urlOf(ready.thumb), isUnreadable: ready.isUnreadable, isReady: true };
      this.#shown.replace(id, change, position);
    } else await this.delete(id);
  }
}
