import { fetchPhotoBytes } from '../../api/photo-bytes.ts';
import { signPhotoUrls } from '../../api/photos.ts';
import type { Photo } from '../../domain/point.ts';
import type { Review } from '../../domain/review.ts';
import type { DeskDeps } from './deps.ts';

/** The addresses of private photos live five minutes: asked again before. */
const SIGNED_FOR_MS = 4 * 60_000;

/** Where a photo is: its public address, or its place in the private bucket. */
export type Place = { readonly url?: string | null | undefined; readonly path?: string | null | undefined };

/** The small copy of a photo. */
export function thumbOf(photo: Photo): Place {
  return { url: photo.thumb_url, path: photo.thumb_path };
}

/** The photos that an item opens with: its own, those of the nearest candidates, that of a report. */
export function picturesWanted({ point, candidates, report }: Review): Place[] {
  const own = point.photos.map(({ url, path }) => ({ url, path }));
  const near = (candidates ?? []).flatMap((one) => one.point.photos.slice(0, 1).map(thumbOf));
  return [...own, ...near, ...(report?.photo_path ? [{ path: report.photo_path }] : [])];
}

/** Addresses of photos that may be opened: public ones, signed ones, and those taken along. */
export class Pictures {
  #deps: Pick<DeskDeps, 'api' | 'cache'>;
  #known = $state.raw<ReadonlyMap<string, { readonly address: string; readonly at: number }>>(new Map());
  #asked = new Map<string, Promise<void>>();

  constructor(deps: Pick<DeskDeps, 'api' | 'cache'>) {
    this.#deps = deps;
  }

  /** The address of a photo; null until it was asked for (`want`), and where it cannot be had. */
  addressOf({ url, path }: Place): string | null {
    const kept = this.#known.get(url ?? path ?? '')?.address;
    if (kept) return kept;
    if (!url) return null;
    return url.startsWith('/') ? this.#deps.api.url + url : url;
  }

  /** Somebody else is at the desk. */
  clear(): void {
    for (const { address } of this.#known.values())
      if (address.startsWith('blob:')) URL.revokeObjectURL(address);
    this.#known = new Map();
  }

  /** Makes sure that these photos have an address, as far as they can. */
  async want(places: readonly Place[]): Promise<void> {
    await Promise.all(places.map((place) => this.#have(place)));
  }

  /** Has the browser fetch them before they are shown. */
  async warm(places: readonly Place[]): Promise<void> {
    await this.want(places);
    for (const place of places) {
      const address = this.addressOf(place);
      if (address) new Image().src = address;
    }
  }

  /** The bytes of a photo; null when they cannot be had now. */
  async bytesOf(place: Place, signal: AbortSignal): Promise<ArrayBuffer | null> {
    await this.want([place]);
    const address = this.addressOf(place);
    return address === null ? null : fetchPhotoBytes(address, signal);
  }

  #have({ url, path }: Place): Promise<void> {
    const key = url ?? path;
    if (!key) return Promise.resolve();
    const known = this.#known.get(key);
    if (known && (known.address.startsWith('blob:') || Date.now() - known.at < SIGNED_FOR_MS)) {
      return Promise.resolve();
    }
    const asked = this.#asked.get(key) ?? this.#ask(key, !url).finally(() => this.#asked.delete(key));
    this.#asked.set(key, asked);
    return asked;
  }

  async #ask(key: string, isPrivate: boolean): Promise<void> {
    const kept = await this.#deps.cache().review_photos.get(key);
    if (kept) return this.#note(key, URL.createObjectURL(new Blob([kept.bytes], { type: 'image/jpeg' })));
    if (!isPrivate) return;
    const signed = await signPhotoUrls(this.#deps.api, [key]).catch(() => new Map<string, string>());
    const address = signed.get(key);
    if (address) this.#note(key, address);
  }

  #note(key: string, address: string): void {
    this.#known = new Map(this.#known).set(key, { address, at: Date.now() });
  }
}
