import { readBounded } from '../_shared/bounded-body.ts';

/** What somebody wants to import. */
export interface Asked {
  /** Id of the vocabulary that it is for. */
  readonly scheme: string;
  /** Address of the scheme to read, of a file that holds several. */
  readonly source: string | null;
  /** Address to fetch; null: the body is the file. */
  readonly url: string | null;
}

/** Bytes of a file at most. */
export const MAXIMUM_BYTES = 20 * 1024 * 1024;
/** The same of what asks for an address to be fetched. */
const MAXIMUM_ASKING = 8 * 1024;

/**
 * Reads what is asked: a file (`?scheme=<id>&source=<address>`, the body is left unread), or JSON `{scheme, url, source?}`.
 * `too_large` before anything is read; else the name of the first field that is wrong.
 */
export async function readAsked(request: Request): Promise<Asked | string> {
  if (Number(request.headers.get('content-length') ?? 0) > MAXIMUM_BYTES) return 'too_large';
  const { searchParams } = new URL(request.url);
  const told = searchParams.get('scheme');
  const fields: Readonly<Record<string, unknown>> =
    told === null ? await readJson(request) : { scheme: told, source: searchParams.get('source') };
  const { scheme, source = null, url = null } = fields;
  if (typeof scheme !== 'string' || !/^[a-z][a-z0-9-]{1,60}$/.test(scheme)) return 'scheme';
  if (source !== null && !isAddress(source)) return 'source';
  if (told === null && !isAddress(url)) return 'url';
  return { scheme, source, url: typeof url === 'string' ? url : null };
}

const isAddress = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= 2_000;

async function readJson(request: Request): Promise<Readonly<Record<string, unknown>>> {
  const bytes = await readBounded(request.body, MAXIMUM_ASKING);
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes ?? new Uint8Array()));
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
