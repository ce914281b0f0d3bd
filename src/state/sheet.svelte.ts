import type { Api } from '../api/client.ts';
import { signPhotoUrls } from '../api/photos.ts';
import { fetchSheet, type Sheet, tellSeen } from '../api/points.ts';
import type { Draft } from '../domain/commands/make.ts';
import type { HistoryEvent } from '../domain/history-event.ts';
import type { Photo, Point } from '../domain/point.ts';
import { type Problem, problemOf } from '../domain/problems.ts';
import { live, type Live } from './live.svelte.ts';

export interface SheetDeps {
  readonly api: Api;
  /** The point as this user sees it, unsent work laid over; undefined when the device has it not. */
  readonly ownPoint: (id: string) => Promise<Point | undefined>;
  /** Keeps a public point for a day without network. */
  readonly keep: (point: Point) => Promise<void>;
  /** Forgets one that is no longer public. */
  readonly forget: (id: string) => Promise<void>;
  /** Saves something the person did; it leaves when it can. */
  /** Saves it to be sent in a moment. Returns the way back, which answers whether it was in time. */
  readonly enqueue: (draft: Draft) => Promise<() => Promise<boolean>>;
  readonly now: () => Date;
}

/** `device`: what this phone keeps, the server being out of reach. `missing`: no such public point. */
export type SheetPhase = 'loading' | 'ready' | 'device' | 'missing' | 'failed';

/** A photo that can be shown: addresses completed. */
export interface ShownPhoto extends Photo {
  readonly source: string;
}

/** One point opened: what everybody reads, and what its author or a moderator sees beyond. */
export class PointSheet {
  #deps: SheetDeps;
  #id = $state.raw<string | null>(null);
  #sheet = $state.raw<Sheet | null>(null);
  #problem = $state.raw<Problem | null>(null);
  #isLoading = $state(false);
  #signed = $state.raw<ReadonlyMap<string, string> | null>(null);
  #own: Live<Point | undefined>;
  #running: AbortController | null = null;
  /** Sheets opened in this tab: each counts once. */
  #seen = new Set<string>();

  /** The richest row this person may see; null while nothing is known. */
  readonly point: Point | null = $derived.by(() => this.#own.current ?? this.#sheet?.point ?? null);

  readonly phase: SheetPhase = $derived.by(() => {
    if (this.#sheet) return 'ready';
    // A point of one's own is not public: that the public finds nothing is no failure.
    const isAway = this.#problem !== null && this.#problem.code !== 'point_not_found';
    if (this.point) return isAway && !this.#isLoading ? 'device' : 'ready';
    if (this.#isLoading) return 'loading';
    return this.#problem?.code === 'point_not_found' ? 'missing' : 'failed';
  });

  /** Photos in their order, those that have an address. */
  readonly photos: readonly ShownPhoto[] = $derived.by(() =>
    (this.point?.photos ?? []).flatMap((photo) => {
      const address = photo.url ?? (photo.path ? this.#signed?.get(photo.path) : undefined);
      return address ? [{ ...photo, source: this.#addressOf(address) }] : [];
    }),
  );

  /** Call it where effects live: in a component or an effect root. */
  constructor(deps: SheetDeps) {
    this.#deps = deps;
    this.#own = live(() => {
      const id = this.#id;
      return id === null ? undefined : deps.ownPoint(id);
    }, undefined);
  }

  get id(): string | null {
    return this.#id;
  }

  get problem(): Problem | null {
    return this.#problem;
  }

  /** What the point is, as the server told with it: the device may not have the thesaurus yet. */
  get concept(): Sheet['concept'] {
    return this.#sheet?.concept ?? null;
  }

  get commune(): Sheet['commune'] {
    return this.#sheet?.commune ?? null;
  }

  get history(): readonly HistoryEvent[] {
    return this.#sheet?.history ?? [];
  }

  get nearby(): Sheet['nearby'] {
    return this.#sheet?.nearby ?? [];
  }

  /** The id that was asked for, when it was merged into this point. */
  get mergedFrom(): string | null {
    return this.#sheet?.merged_from ?? null;
  }

  /** Opens a point; the same one again asks the server anew. */
  async open(id: string): Promise<void> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    if (this.#id !== id) {
      this.#sheet = null;
      this.#signed = null;
    }
    this.#id = id;
    this.#problem = null;
    this.#isLoading = true;
    try {
      const sheet = await fetchSheet(this.#deps.api, id, running);
      if (running.signal.aborted) return;
      this.#sheet = sheet;
      await this.#deps.keep(sheet.point);
      void this.#count(sheet.point.id);
    } catch (cause) {
      if (running.signal.aborted) return;
      this.#problem = problemOf(cause);
      if (this.#problem.code === 'point_not_found') await this.#deps.forget(id);
    } finally {
      if (this.#running === running) this.#isLoading = false;
    }
    await this.#signPhotos(running.signal);
  }

  /** Tells the server that somebody read it, unless it is their own. */
  async #count(id: string): Promise<void> {
    if (this.#seen.has(id)) return;
    this.#seen.add(id);
    const own = await this.#deps.ownPoint(id).catch(() => undefined);
    if (!own?.mine) await tellSeen(this.#deps.api, id);
  }

  close(): void {
    this.#running?.abort();
    this.#id = null;
    this.#sheet = null;
  }

  /** Was there and saw it. Returns the way back; null where there is no point. */
  async confirm(): Promise<(() => Promise<boolean>) | null> {
    const point = this.point;
    if (!point) return null;
    const observedAt = this.#deps.now().toISOString();
    return this.#deps.enqueue({
      kind: 'confirm',
      point_id: point.id,
      theme: point.theme,
      observed_at: observedAt,
      found: true,
    });
  }

  /** Photos that are not public need an address of their own; without network they stay unseen. */
  async #signPhotos(signal: AbortSignal): Promise<void> {
    const paths = (this.point?.photos ?? []).flatMap((photo) =>
      !photo.url && photo.path ? [photo.path] : [],
    );
    if (paths.length === 0) return;
    try {
      const signed = await signPhotoUrls(this.#deps.api, paths, { signal });
      if (!signal.aborted) this.#signed = signed;
    } catch {
      // The words of the sheet are there all the same.
    }
  }

  #addressOf(address: string): string {
    return address.startsWith('/') ? this.#deps.api.url + address : address;
  }
}
