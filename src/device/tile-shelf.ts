import { problem, ProblemError } from '../domain/problems.ts';

/** Where the squares of the sectors taken along are: the service worker answers from there. */
const SHELF = 'areas';
/** Written beside each square; the service worker reads them. */
const STORED_AT = 'x-capitelle-stored';
const BYTES = 'x-capitelle-bytes';
/** Squares deleted at once. */
const AT_ONCE = 50;

/** What keeps squares of a base map until they are deleted. */
export interface TileShelf {
  /** Addresses of the squares that are here. */
  readonly kept: () => Promise<ReadonlySet<string>>;
  /** The bytes of those that came since an instant (Unix milliseconds), by address. */
  readonly keptSince: (instantMs: number) => Promise<ReadonlyMap<string, number>>;
  /**
   * Fetches a square and keeps it, in place of an older one once it is here. Returns its bytes; 0 for one that does
   * not exist. `isAnew`: asked of its server, whatever the browser remembers. Throws ProblemError `offline`,
   * `server_error` or `quota`.
   */
  readonly take: (url: string, signal: AbortSignal, isAnew?: boolean) => Promise<number>;
  readonly drop: (urls: readonly string[]) => Promise<void>;
}

/** The shelf of this device. */
export const TILE_SHELF: TileShelf = { kept, keptSince, take, drop };

async function kept(): Promise<ReadonlySet<string>> {
  const shelf = await caches.open(SHELF);
  return new Set((await shelf.keys()).map((request) => request.url));
}

async function keptSince(instantMs: number): Promise<ReadonlyMap<string, number>> {
  const shelf = await caches.open(SHELF);
  const since = new Map<string, number>();
  for (const request of await shelf.keys()) {
    const headers = (await shelf.match(request))?.headers;
    if (Number(headers?.get(STORED_AT)) >= instantMs) since.set(request.url, Number(headers?.get(BYTES)));
  }
  return since;
}

async function take(url: string, signal: AbortSignal, isAnew = false): Promise<number> {
  const cache = isAnew ? 'reload' : 'default';
  const fail = (cause: unknown) => {
    throw new ProblemError(problem(signal.aborted ? 'cancelled' : 'offline', String(cause)));
  };
  const answer = await fetch(url, { mode: 'cors', credentials: 'omit', cache, signal }).catch(fail);
  // The sea, or beyond the border: there is no such square. That is kept too, or it would be asked for again.
  if (answer.status === 404 || answer.status === 204) {
    await put(url, new Response(null, { status: 404, headers: shelved(0) }));
    return 0;
  }
  if (!answer.ok) throw new ProblemError('server_error', `${answer.status} ${url}`);
  // The network may leave in the middle of a square, too.
  const body = await answer.blob().catch(fail);
  const headers = {
    'content-type': answer.headers.get('content-type') ?? 'image/png',
    ...shelved(body.size),
  };
  await put(url, new Response(body, { headers }));
  return body.size;
}

const shelved = (bytes: number) => ({ [STORED_AT]: String(Date.now()), [BYTES]: String(bytes) });

async function put(url: string, square: Response): Promise<void> {
  try {
    await (await caches.open(SHELF)).put(url, square);
  } catch (cause) {
    throw new ProblemError('quota', String(cause));
  }
}

async function drop(urls: readonly string[]): Promise<void> {
  const shelf = await caches.open(SHELF);
  for (let from = 0; from < urls.length; from += AT_ONCE) {
    await Promise.all(urls.slice(from, from + AT_ONCE).map((url) => shelf.delete(url)));
  }
}
