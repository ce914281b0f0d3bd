import { problem, ProblemError } from '../domain/problems.ts';

/** Where the squares of the sectors taken along are: the service worker answers from there. */
const SHELF = 'areas';
/** Squares deleted at once. */
const AT_ONCE = 50;

/** What keeps squares of a base map until they are deleted. */
export interface TileShelf {
  /** Addresses of the squares that are here. */
  readonly kept: () => Promise<ReadonlySet<string>>;
  /**
   * Fetches a square and keeps it. Returns its bytes; 0 for one that does not exist. Throws
   * ProblemError `offline`, `server_error` or `quota`.
   */
  readonly take: (url: string, signal: AbortSignal) => Promise<number>;
  readonly drop: (urls: readonly string[]) => Promise<void>;
}

/** The shelf of this device. */
export const TILE_SHELF: TileShelf = { kept, take, drop };

async function kept(): Promise<ReadonlySet<string>> {
  const shelf = await caches.open(SHELF);
  return new Set((await shelf.keys()).map((request) => request.url));
}

async function take(url: string, signal: AbortSignal): Promise<number> {
  const answer = await fetch(url, { mode: 'cors', credentials: 'omit', signal }).catch((cause: unknown) => {
    throw new ProblemError(problem(signal.aborted ? 'cancelled' : 'offline', String(cause)));
  });
  // The sea, or beyond the border: there is no such square.
  if (answer.status === 404 || answer.status === 204) return 0;
  if (!answer.ok) throw new ProblemError('server_error', `${answer.status} ${url}`);
  const body = await answer.blob();
  const headers = {
    'content-type': answer.headers.get('content-type') ?? 'image/png',
    'x-capitelle-stored': String(Date.now()),
    'x-capitelle-bytes': String(body.size),
  };
  try {
    await (await caches.open(SHELF)).put(url, new Response(body, { headers }));
  } catch (cause) {
    throw new ProblemError('quota', String(cause));
  }
  return body.size;
}

async function drop(urls: readonly string[]): Promise<void> {
  const shelf = await caches.open(SHELF);
  for (let from = 0; from < urls.length; from += AT_ONCE) {
    await Promise.all(urls.slice(from, from + AT_ONCE).map((url) => shelf.delete(url)));
  }
}
