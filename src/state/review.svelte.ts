import type { Api } from '../api/client.ts';
import { fetchCandidates, type LeaseAnswer, type ModerationCandidate, takeLease } from '../api/moderation.ts';
import { signPhotoUrls } from '../api/photos.ts';
import { fetchHistory, type HistoryEvent } from '../api/points.ts';
import type { Cache } from '../db/cache.ts';
import type { Photo, Point } from '../domain/point.ts';
import { live, type Live } from './live.svelte.ts';

export interface ReviewDeps {
  readonly api: Api;
  /** The signed-in user's copy. Read reactively. */
  readonly cache: () => Cache;
  /** Asks for a sync round, which brings the point when it is new. */
  readonly wake: () => void;
}

export type { ModerationCandidate } from '../api/moderation.ts';

/** A photo with an address that this person may open. */
export interface ReviewPhoto extends Photo {
  readonly source: string;
}

/** A lease lasts five minutes on the server. */
const RENEW_MS = 4 * 60_000;

/** The item being read: its point, photos, history, what it may duplicate, and who else reads it. */
export class Review {
  #deps: ReviewDeps;
  #id = $state.raw<string | null>(null);
  #events = $state.raw<readonly HistoryEvent[]>([]);
  #candidates = $state.raw<readonly ModerationCandidate[] | null>(null);
  #lease = $state.raw<LeaseAnswer | null>(null);
  #signed = $state.raw<ReadonlyMap<string, string>>(new Map());
  #point: Live<Point | undefined>;
  #running: AbortController | null = null;
  #renewal: ReturnType<typeof setInterval> | undefined;

  readonly point: Point | null = $derived.by(() => {
    const point = this.#point.current;
    return point && point.id === this.#id ? point : null;
  });

  readonly photos: readonly ReviewPhoto[] = $derived.by(() =>
    (this.point?.photos ?? []).flatMap((photo) => {
      const address = photo.url ?? (photo.path ? this.#signed.get(photo.path) : undefined);
      if (!address) return [];
      return [{ ...photo, source: address.startsWith('/') ? this.#deps.api.url + address : address }];
    }),
  );

  /** Call it where effects live: in a component or an effect root. */
  constructor(deps: ReviewDeps) {
    this.#deps = deps;
    this.#point = live(() => {
      const id = this.#id;
      return id === null ? undefined : this.#kept(id);
    }, undefined);
  }

  get id(): string | null {
    return this.#id;
  }

  get events(): readonly HistoryEvent[] {
    return this.#events;
  }

  /** Points that may be the same thing; null until the server has answered. */
  get candidates(): readonly ModerationCandidate[] | null {
    return this.#candidates;
  }

  /** Whose turn it is; null until the server has answered. Advisory: it forbids nothing. */
  get lease(): LeaseAnswer | null {
    return this.#lease;
  }

  /** Opens an item, giving the one before back. */
  async open(id: string): Promise<void> {
    if (this.#id === id) return;
    this.close();
    const running = new AbortController();
    this.#running = running;
    this.#id = id;
    this.#deps.wake();
    this.#renewal = setInterval(() => void this.#take(id, running), RENEW_MS);
    await Promise.all([
      this.#take(id, running),
      this.#learn(fetchHistory(this.#deps.api, id, running), running, (events) => (this.#events = events)),
      this.#learn(
        fetchCandidates(this.#deps.api, id, running),
        running,
        (candidates) => (this.#candidates = candidates),
      ),
      this.#signPhotos(id, running),
    ]);
  }

  close(): void {
    this.#running?.abort();
    clearInterval(this.#renewal);
    if (this.#id !== null && this.#lease?.granted) {
      // Lost without network, where it ends by itself.
      void takeLease(this.#deps.api, this.#id, true).catch(() => undefined);
    }
    this.#id = null;
    this.#events = [];
    this.#candidates = null;
    this.#lease = null;
    this.#signed = new Map();
  }

  /** The server's row, without what this device decided: that is what is being judged. */
  async #kept(id: string): Promise<Point | undefined> {
    return (await this.#deps.cache().points.get(id))?.point;
  }

  #take(id: string, running: AbortController): Promise<void> {
    return this.#learn(
      takeLease(this.#deps.api, id, false, running),
      running,
      (lease) => (this.#lease = lease),
    );
  }

  /** Without network the item is read with what the device has. */
  async #learn<T>(asked: Promise<T>, running: AbortController, keep: (answer: T) => void): Promise<void> {
    try {
      const answer = await asked;
      if (!running.signal.aborted) keep(answer);
    } catch {
      // What is missing shows as missing.
    }
  }

  /** Signs the private photos once the point is known; it may come with the next sync round. */
  async #signPhotos(id: string, running: AbortController): Promise<void> {
    for (const wait of [0, 400, 1_200, 3_000]) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      if (running.signal.aborted) return;
      const point = await this.#kept(id);
      if (!point) continue;
      const paths = point.photos.flatMap((photo) => (!photo.url && photo.path ? [photo.path] : []));
      await this.#learn(
        signPhotoUrls(this.#deps.api, paths, running),
        running,
        (signed) => (this.#signed = signed),
      );
      return;
    }
  }
}
