/** Room of the base map on the device, bytes: about 2 500 squares, a valley at walking scale. */
const ROOM_BYTES = 60 * 1024 * 1024;
/** Squares stored between two checks of the room. */
const STORED_BETWEEN_TRIMS = 40;
/** A square read again after that goes back to the young end of the cache. */
const TOUCH_AFTER_MS = 3_600_000;
/** A map older than that is asked again when there is network. */
const FRESH_MS = 30 * 24 * 3_600_000;

/** Squares of the sectors that people took along: kept until they are deleted, whatever their age. */
const AREAS = 'areas';
const STORED_AT = 'x-capitelle-stored';
const BYTES = 'x-capitelle-bytes';

/**
 * Base map squares already seen, kept for where there is no network; the least recently used go first. Cache Storage
 * lists its entries in the order they were written, so that writing an entry again makes it the youngest.
 */
export class BasemapCache {
  #name: string;
  #signal: AbortSignal;
  #storedSinceTrim = 0;

  /** Once the signal is given, squares come from what is kept alone. */
  constructor(name: string, signal: AbortSignal) {
    this.#name = name;
    this.#signal = signal;
  }

  /** The younger of the squares kept if it is fresh, else the network's, else the one kept whatever its age. */
  async answer(request: Request): Promise<Response> {
    const cache = await caches.open(this.#name);
    const seen = await cache.match(request, { ignoreVary: true });
    const taken = await caches.match(request.url, { cacheName: AREAS, ignoreVary: true });
    const isOutdated = taken !== undefined && storedAt(taken) >= storedAt(seen);
    if (seen && isOutdated) void cache.delete(request, { ignoreVary: true });
    const kept = isOutdated ? taken : seen;
    const age = Date.now() - storedAt(kept);
    if (kept && age < FRESH_MS) {
      // A sector's stays where it is, and needs no second copy.
      if (kept === seen && age > TOUCH_AFTER_MS) void this.#touch(cache, request, kept.clone());
      return kept;
    }
    try {
      const fetched = await fetch(request, { signal: this.#signal });
      if (fetched.ok) void this.#store(cache, request, fetched.clone(), Date.now());
      return fetched;
    } catch (error) {
      if (kept) return kept;
      throw error;
    }
  }

  /** Deletes the squares seen that are not of those that may be kept. */
  async keepOnly(isKeepable: (address: URL) => boolean): Promise<void> {
    const cache = await caches.open(this.#name);
    const others = (await cache.keys()).filter((request) => !isKeepable(new URL(request.url)));
    await Promise.all(others.map((request) => cache.delete(request)));
  }

  async #touch(cache: Cache, request: Request, kept: Response): Promise<void> {
    await cache.delete(request, { ignoreVary: true });
    await this.#store(cache, request, kept, storedAt(kept));
  }

  async #store(cache: Cache, request: Request, response: Response, atMs: number): Promise<void> {
    const body = await response.blob();
    const headers = new Headers(response.headers);
    headers.set(STORED_AT, String(atMs));
    headers.set(BYTES, String(body.size));
    try {
      await cache.put(request, new Response(body, { headers }));
    } catch {
      // no room left on the device: make some, and do without this square
      await this.#trim(cache, ROOM_BYTES / 2);
      return;
    }
    if (++this.#storedSinceTrim >= STORED_BETWEEN_TRIMS) {
      this.#storedSinceTrim = 0;
      await this.#trim(cache, ROOM_BYTES);
    }
  }

  async #trim(cache: Cache, roomBytes: number): Promise<void> {
    const requests = await cache.keys();
    let total = 0;
    for (const request of [...requests].reverse()) {
      const kept = await cache.match(request, { ignoreVary: true });
      total += Number(kept?.headers.get(BYTES) ?? 0);
      if (total > roomBytes) await cache.delete(request, { ignoreVary: true });
    }
  }
}

/** When a square came from its server, Unix milliseconds; long ago for none. */
function storedAt(square: Response | undefined): number {
  return square ? Number(square.headers.get(STORED_AT)) : -Infinity;
}
