import { fetchQueue } from '../../api/moderation.ts';
import { LIMITS } from '../../domain/limits.ts';
import { type Problem, ProblemError, problemOf } from '../../domain/problems.ts';
import { itemKey, type QueueItem } from '../../domain/queue-item.ts';
import type { Review } from '../../domain/review.ts';
import { live, type Live } from '../live.svelte.ts';
import type { DeskDeps } from './deps.ts';
import { queryOf } from './filters.ts';
import { type Pictures, type Place, thumbOf } from './pictures.svelte.ts';
import type { Queue } from './queue.svelte.ts';
import type { ReviewShelf } from './shelf.ts';

/** Reviews asked at once: the rest of the app shares the network. */
const AT_ONCE = 3;

/** What is on the device, to be decided without network. */
export interface Taken {
  readonly count: number;
  /** When the oldest of it was read; null when there is nothing. */
  readonly at: string | null;
}

/** Keys of the reviews and addresses of the photos that stay on the device. */
interface Held {
  readonly keys: Set<string>;
  readonly photos: Set<string>;
}

/** Takes the queue along: what waits, with all that is needed to decide, photos too. */
export class TakeAlong {
  #deps: Pick<DeskDeps, 'api' | 'cache'>;
  #queue: Queue;
  #shelf: ReviewShelf;
  #pictures: Pictures;
  #taken: Live<Taken>;
  #running = $state.raw<AbortController | null>(null);
  #done = $state(0);
  #total = $state(0);
  #problem = $state.raw<Problem | null>(null);

  /** Call it where effects live: in a component or an effect root. */
  constructor(deps: Pick<DeskDeps, 'api' | 'cache'>, queue: Queue, shelf: ReviewShelf, pictures: Pictures) {
    this.#deps = deps;
    this.#queue = queue;
    this.#shelf = shelf;
    this.#pictures = pictures;
    this.#taken = live(
      async () => {
        const kept = await deps.cache().reviews.toArray();
        return { count: kept.length, at: kept.map(({ at }) => at).sort()[0] ?? null };
      },
      { count: 0, at: null },
    );
  }

  get taken(): Taken {
    return this.#taken.current;
  }

  get isRunning(): boolean {
    return this.#running !== null;
  }

  /** Items done of those to take. */
  get progress(): { readonly done: number; readonly total: number } {
    return { done: this.#done, total: this.#total };
  }

  get problem(): Problem | null {
    return this.#problem;
  }

  /** Takes what the queue is narrowed to, oldest first, in place of what was taken before. */
  async take(): Promise<void> {
    this.stop();
    const running = new AbortController();
    this.#running = running;
    this.#problem = null;
    this.#done = 0;
    try {
      const items = await this.#list(running.signal);
      this.#total = items.length;
      const taken = { keys: new Set<string>(), photos: new Set<string>() };
      const room = { left: LIMITS.photosTakenBytes };
      const waiting = [...items];
      const lane = async () => {
        for (let item = waiting.shift(); item; item = waiting.shift()) {
          await this.#takeOne(item, { ...taken, room }, running.signal);
          this.#done += 1;
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, lane));
      if (!running.signal.aborted) await this.#keepOnly(taken);
    } catch (cause) {
      if (!running.signal.aborted) this.#problem = problemOf(cause);
    } finally {
      if (this.#running === running) this.#running = null;
    }
  }

  stop(): void {
    this.#running?.abort();
    this.#running = null;
  }

  async #list(signal: AbortSignal): Promise<QueueItem[]> {
    const query = { ...queryOf(this.#queue.filters), limit: LIMITS.itemsTaken };
    const { items } = await fetchQueue(this.#deps.api, query, { signal });
    return items;
  }

  /** What was taken before goes once all the new is here: a network lost half-way leaves no less. */
  async #keepOnly({ keys, photos }: Held): Promise<void> {
    const cache = this.#deps.cache();
    await cache.transaction('rw', cache.reviews, cache.review_photos, async () => {
      const old = await cache.reviews.toCollection().primaryKeys();
      await cache.reviews.bulkDelete(old.filter((key) => !keys.has(key)));
      const oldPhotos = await cache.review_photos.toCollection().primaryKeys();
      await cache.review_photos.bulkDelete(oldPhotos.filter((path) => !photos.has(path)));
    });
  }

  async #takeOne(
    item: QueueItem,
    { keys, photos, room }: Held & { readonly room: { left: number } },
    signal: AbortSignal,
  ): Promise<void> {
    if (signal.aborted) throw new ProblemError('cancelled');
    const key = itemKey(item);
    const review = await this.#shelf.fetch(key, item);
    // Decided meanwhile: nothing to take.
    if (!review.item) return;
    await this.#shelf.keep({ key, item: { ...review.item, ...namesOf(item) }, review });
    keys.add(key);
    for (const place of photosTaken(review, room.left > 0)) {
      const id = place.url ?? place.path;
      if (id) photos.add(id);
      const bytes = id ? await this.#pictures.bytesOf(place, signal) : null;
      if (!id || !bytes) continue;
      room.left -= bytes.byteLength;
      await this.#deps.cache().review_photos.put({ path: id, bytes });
    }
  }
}

const namesOf = ({ title, commune_name }: QueueItem) => ({ title, commune_name });

/** Large while there is room, small always; of what may be the same thing, one small picture. */
function photosTaken({ point, candidates, report }: Review, hasRoom: boolean): Place[] {
  const large = point.photos.map(({ url, path }) => ({ url, path }));
  const near = (candidates ?? []).slice(0, 4).flatMap((one) => one.point.photos.slice(0, 1).map(thumbOf));
  const ofReport = report?.photo_path ? [{ path: report.photo_path }] : [];
  return [...point.photos.map(thumbOf), ...(hasRoom ? [...large, ...ofReport] : []), ...near];
}
