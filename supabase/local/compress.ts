import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** Text that shrinks; photos are compressed already. */
const compressible = /^(text\/|application\/([\w.-]+\+)?(json|xml))/;

/** A smaller answer fits in one packet whatever is done to it. */
const MINIMUM_BYTES = 1_000;

const compress = promisify(gzip);

/** Whether a client takes gzip. */
export function takesGzip(request: Request): boolean {
  return /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '');
}

/**
 * The answer, gzipped for who takes it, as Supabase's front does: rows of points shrink tenfold,
 * which decides how long a sync takes on a phone's network.
 */
export async function compressed(request: Request, answer: Response): Promise<Response> {
  const type = answer.headers.get('content-type') ?? '';
  if (!answer.body || !compressible.test(type) || answer.headers.has('content-encoding')) return answer;
  const headers = new Headers(answer.headers);
  headers.append('Vary', 'Accept-Encoding');
  const { status, statusText } = answer;
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (!takesGzip(request) || bytes.byteLength < MINIMUM_BYTES) {
    return new Response(bytes, { status, statusText, headers });
  }
  const zipped = Uint8Array.from(await compress(bytes));
  headers.set('Content-Encoding', 'gzip');
  headers.set('Content-Length', String(zipped.byteLength));
  return new Response(zipped, { status, statusText, headers });
}
