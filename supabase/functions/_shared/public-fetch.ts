import { readBounded } from './bounded-body.ts';
import type { Reach } from './env.ts';
import { isPublicAddress } from './public-address.ts';

/** Why nothing was fetched. `address_status` tells the status in its detail. */
export type AddressFault =
  | 'address_not_https'
  | 'address_not_public'
  | 'address_unknown'
  | 'address_elsewhere'
  | 'address_too_large'
  | 'address_too_slow'
  | 'address_status'
  | 'address_unreachable';

interface Fetched {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** `Content-Type` as it was told. */
  readonly type: string;
  /** The address that answered. */
  readonly url: string;
}

interface Asking {
  readonly reach: Reach;
  /** Fires when all of it has taken too long. */
  readonly signal: AbortSignal;
  /** Bytes of the answer, unpacked. */
  readonly maximumBytes: number;
  readonly accept: string;
}

/** An address that somebody gave is not followed for ever. */
const MAXIMUM_REDIRECTS = 3;

/**
 * Fetches an address that somebody gave: `https`, the usual port, a host all of whose addresses are public. A redirection is
 * followed within the host alone, and checked like the first. Never rejects.
 */
export async function fetchPublic(
  text: string,
  asking: Asking,
): Promise<Fetched | { readonly fault: AddressFault; readonly detail?: string }> {
  const first = URL.canParse(text) ? new URL(text) : null;
  let url = first;
  try {
    for (let redirects = 0; url && first; redirects += 1) {
      if (url.protocol !== 'https:' || url.port !== '' || url.username !== '' || url.password !== '')
        return { fault: 'address_not_https' };
      if (url.hostname !== first.hostname || redirects > MAXIMUM_REDIRECTS)
        return { fault: 'address_elsewhere', detail: url.hostname };
      const response = await ask(url, asking);
      if (!(response instanceof Response)) return response;
      const { status, headers } = response;
      const location = headers.get('location');
      if (status >= 300 && status < 400 && location !== null) {
        void response.body?.cancel().catch(() => undefined);
        url = URL.canParse(location, url) ? new URL(location, url) : null;
        continue;
      }
      if (status !== 200) {
        void response.body?.cancel().catch(() => undefined);
        return { fault: 'address_status', detail: String(status) };
      }
      const bytes = await readBounded(response.body, asking.maximumBytes, asking.signal);
      if (!bytes) return { fault: 'address_too_large' };
      return { bytes, type: headers.get('content-type') ?? '', url: url.href };
    }
    return { fault: 'address_not_https' };
  } catch {
    return { fault: asking.signal.aborted ? 'address_too_slow' : 'address_unreachable' };
  }
}

/** Resolves the host, and asks one of its addresses if all of them are public: a name may have one of each kind. */
async function ask(
  url: URL,
  { reach, signal, accept }: Asking,
): Promise<Response | { readonly fault: AddressFault }> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const addresses = await within(
    reach.resolve(host).catch((): string[] => []),
    signal,
  );
  const [address] = addresses;
  if (address === undefined) return { fault: 'address_unknown' };
  if (!addresses.every(isPublicAddress)) return { fault: 'address_not_public' };
  return within(reach.open(url, address, { accept, 'accept-encoding': 'gzip' }, signal), signal);
}

/** Names are resolved by the system, which cannot be told to stop. */
function within<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason as Error);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
