import type { Cache } from '../db/cache.ts';
import { deletePhoto } from '../db/photos.ts';
import type { Precious } from '../db/precious.ts';
import { askReconcile, type Reconciled } from '../db/reconciled.ts';
import type { OutboxRow, PhotoRow } from '../db/rows.ts';
import { makeMutation } from '../domain/commands/make.ts';
import type { RandomBytes } from '../domain/id.ts';
import { LIMITS } from '../domain/limits.ts';
import type { Point } from '../domain/point.ts';
import { enqueueMutation } from '../sync/enqueue.ts';
import type { Imported } from '../sync/import.ts';
import { discardMutation, retryMutation } from '../sync/outbox-actions.ts';
import { type WayBack, withWayBack } from '../sync/way-back.ts';
import { type GivenUp, giveUp } from './give-up.ts';
import { handOver, takeOver } from './handover.ts';
import { live, type Live } from './live.svelte.ts';
import { type Choice, openConflicts, type OpenConflict, settlement } from './open-conflicts.ts';
import { type OutboxContents, NOTHING, readContents } from './outbox-contents.ts';
import { type OwnPlace, ownPlacesOf } from './own-places.ts';
import { savePhotoFile, thumbnailOf } from './photo-files.ts';
import { type Arrived, takeBack } from './take-back.ts';
import { isWorrying, oldestOf } from './unsent.ts';

export type { Choice, OpenConflict } from './open-conflicts.ts';

/** A photo taken here that has not arrived. */
export type UnsentPhoto = PhotoRow;

export interface OutboxDeps {
  readonly precious: Precious;
  /** What this person's device knows. Read reactively. */
  readonly cache: () => Cache;
  readonly userId: () => string | null;
  /** Id of the instance, when this device knows it. */
  readonly instance: () => string | null;
  readonly now: () => Date;
  readonly random: RandomBytes;
}

/** A contribution under way, or refused, with its point as it shows. */
export interface OutboxItem {
  readonly row: OutboxRow;
  readonly point: Point | null;
  /** Photos of it that have not arrived. */
  readonly photos: readonly PhotoRow[];
}

/** What leaves, what arrived, and what needs its author's eye. */
export class OutboxState {
  #deps: OutboxDeps;
  #contents: Live<OutboxContents>;

  /** Call it where effects live: in a component or an effect root. */
  constructor(deps: OutboxDeps) {
    this.#deps = deps;
    this.#contents = live<OutboxContents>(
      () => readContents(deps.precious, deps.cache(), deps.userId()),
      NOTHING,
    );
  }

  /** Contributions on their way, in the order of their leaving. */
  readonly waiting: readonly OutboxItem[] = $derived.by(() => this.#itemsOf('queued'));

  /** Photos whose contribution has already arrived. */
  readonly lonePhotos: readonly PhotoRow[] = $derived.by(() => {
    const { rows, photos } = this.#contents.current;
    return photos.filter((photo) => !rows.some((row) => row.point_id === photo.point_id));
  });

  /** Those of them that did not go through, and are tried again later. */
  readonly stuckPhotos: readonly PhotoRow[] = $derived.by(() =>
    this.lonePhotos.filter((photo) => photo.last_problem !== null),
  );

  /** Contributions that the server refused for a reason to read. */
  readonly refused: readonly OutboxItem[] = $derived.by(() => this.#itemsOf('refused'));

  /** Photos that cannot leave. */
  readonly refusedPhotos: readonly PhotoRow[] = $derived.by(() => this.#contents.current.refusedPhotos);

  /** Contributions of mine that met other values. */
  readonly conflicts: readonly OpenConflict[] = $derived.by(() =>
    openConflicts(this.#contents.current.points, this.#contents.current.rows),
  );

  /** Points that moderators sent back to be completed, or refused. */
  readonly sentBack: readonly Point[] = $derived.by(() => {
    const { rows, points } = this.#contents.current;
    const isAnswered = (point: Point) =>
      rows.some((row) => row.point_id === point.id && row.state === 'queued');
    return [...points.values()].filter(
      (point) => point.mine && ['to_complete', 'rejected'].includes(point.status) && !isAnswered(point),
    );
  });

  /** The person's own points that the public map does not have. */
  readonly ownPlaces: readonly OwnPlace[] = $derived.by(() => ownPlacesOf(this.#contents.current));

  /** Everything that the server answered, refusals too, latest first. */
  readonly receipts: readonly Arrived[] = $derived.by(() => {
    const { sent, points } = this.#contents.current;
    return sent.map((row) => ({ sent: row, point: points.get(row.point_id) ?? null }));
  });

  /** Receipts of what arrived, latest first, as many as a glance takes. */
  readonly arrived: readonly Arrived[] = $derived(
    this.receipts.filter(({ sent }) => sent.status !== 'rejected').slice(0, LIMITS.receiptsShown),
  );

  /** Whether the device's clock is so wrong that its owner should be told. */
  readonly isClockWrong: boolean = $derived.by(
    () => Math.abs(this.#contents.current.skewMs) > LIMITS.clockSkewToldMs,
  );

  /** The last comparison with the server; null before the first. */
  readonly compared: Reconciled | null = $derived.by(() => this.#contents.current.compared);

  /** Whether a comparison was asked for and has not been made yet. */
  readonly isCompareAsked: boolean = $derived.by(() => this.#contents.current.isCompareAsked);

  /** How many contributions wait; photos that outlive theirs count with their point. */
  readonly waitingCount: number = $derived(
    this.waiting.length +
      this.lonePhotos.filter(
        (photo, at, all) => all.findIndex((one) => one.point_id === photo.point_id) === at,
      ).length,
  );

  /** How many things a person must look at. */
  readonly heedCount: number = $derived(
    this.conflicts.length + this.refused.length + this.sentBack.length + this.refusedPhotos.length,
  );

  /** When the oldest contribution that has not left was saved; null when none waits. */
  readonly oldestSavedAt: string | null = $derived.by(() => {
    const { rows, photos } = this.#contents.current;
    const unsent = rows.filter((row) => row.state !== 'conflict');
    return oldestOf(unsent, photos);
  });

  /** Whether something has waited so long that its author should be told. */
  readonly isOldestWorrying: boolean = $derived.by(() => isWorrying(this.oldestSavedAt, this.#deps.now()));

  /** The point of a contribution as it shows; null when this device no longer knows it. */
  pointOf(pointId: string): Point | null {
    return this.#contents.current.points.get(pointId) ?? null;
  }

  /** Sends again what was refused, or now what waits. */
  async retry(mutationId: string): Promise<void> {
    const { precious, now, random } = this.#deps;
    await retryMutation(precious, mutationId, now(), random);
  }

  /** Gives up a contribution that waits, see `giveUp`. Returns what became of it, and the way back. */
  giveUp({ row, point }: OutboxItem): Promise<{ readonly done: GivenUp; readonly back: WayBack }> {
    const of = { userId: row.user_id, pointId: row.point_id };
    return withWayBack(this.#deps.precious, of, () => giveUp(this.#deps, row, point));
  }

  /** Whether its withdrawal follows it already. */
  isGivenUp = ({ row: { kind, point_id } }: OutboxItem): boolean =>
    kind !== 'withdraw' &&
    this.waiting.some(({ row }) => row.point_id === point_id && row.kind === 'withdraw');

  /** Gives up a contribution that the server refused. */
  async discard(mutationId: string): Promise<void> {
    await discardMutation(this.#deps.precious, mutationId);
  }

  /** Sends a photo now that did not go through. What it failed of is remembered: a second mismatch is for good. */
  async retryPhoto(photoId: string): Promise<void> {
    await this.#deps.precious.photos.update(photoId, { state: 'local', not_before: 0 });
  }

  /** Gives a photo up. */
  async discardPhoto(photoId: string): Promise<void> {
    await deletePhoto(this.#deps.precious, photoId);
  }

  /** See `savePhotoFile`. */
  savePhotoFile = (photoId: string): Promise<void> => savePhotoFile(this.#deps.precious, photoId);

  /** Settles a conflict as a whole: fields kept as mine are proposed again over theirs, the others go. */
  async resolve(
    { point, conflicts, mutationId }: OpenConflict,
    choose: (field: string) => Choice,
  ): Promise<void> {
    const { precious, userId, now, random } = this.#deps;
    const user = userId();
    if (user === null) return;
    const edit = makeMutation(
      {
        kind: 'edit',
        point_id: point.id,
        theme: point.theme,
        base_rev: point.rev,
        ...settlement(conflicts, choose),
        resolves: [mutationId],
      },
      now(),
      random,
    );
    await enqueueMutation(precious, edit, { userId: user, now: now() });
  }

  /** Asks for a comparison with the server at the next round. */
  compare = (): Promise<void> => askReconcile(this.#deps.cache());

  /** Answers the moderators about a point. */
  async reply(point: Point, text: string): Promise<void> {
    const { precious, userId, now, random } = this.#deps;
    const user = userId();
    if (user === null || !text.trim()) return;
    const comment = { kind: 'comment', point_id: point.id, theme: point.theme, text: text.trim() } as const;
    await enqueueMutation(precious, makeMutation(comment, now(), random), { userId: user, now: now() });
  }

  /** See `thumbnailOf`. */
  thumbnail = (pointId: string): Promise<string | null> => thumbnailOf(this.#deps.precious, pointId);

  /** See `handOver`. */
  export = (pointId?: string): Promise<boolean> => handOver(this.#deps, pointId);

  /** See `takeOver`. */
  import = (archive: Blob): Promise<Imported> => takeOver(this.#deps, archive);

  /** Queues what undoes a contribution that has arrived; null when there is no way back. See `takeBack`. */
  takeBack = (arrived: Arrived): ReturnType<typeof takeBack> => takeBack(this.#deps, arrived);

  /** Whether something about the same point waits already: one thing at a time. */
  isBeingTakenBack({ sent }: Arrived): boolean {
    return this.waiting.some(({ row }) => row.point_id === sent.point_id);
  }

  #itemsOf(state: OutboxRow['state']): readonly OutboxItem[] {
    const { rows, photos, points } = this.#contents.current;
    const taken = (id: string) => photos.filter((photo) => photo.point_id === id);
    const own = rows.filter((row) => row.state === state);
    return own.map((row) => ({ row, point: points.get(row.point_id) ?? null, photos: taken(row.point_id) }));
  }
}
