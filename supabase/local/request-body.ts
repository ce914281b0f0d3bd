import { failure } from '../functions/_shared/answers.ts';

/** Largest body that any address of the API takes: a photo of 8 MB and some room. */
const maximumBodyBytes = 9 * 1024 * 1024;

/** Bytes after which an upload that nobody will use is cut. */
const drainedBytes = 32 * 1024 * 1024;

/**
 * Reads the whole body of a request before it is handled: a slow upload must not hold the
 * database, and the declared length is replaced by the true one.
 * @returns the request with its body in memory, or the refusal
 */
export async function bufferBody(
  request: Request,
  maximumBytes = maximumBodyBytes,
): Promise<Request | Response> {
  if (request.body === null) return request;
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body) {
    length += chunk.byteLength;
    if (length > drainedBytes) break;
    // What is too much is read on and forgotten: a sender who is cut off doesn't read why.
    if (length <= maximumBytes) chunks.push(chunk);
  }
  if (length > maximumBytes) return tooLarge(maximumBytes);
  const headers = new Headers(request.headers);
  headers.set('content-length', String(length));
  return new Request(request.url, {
    method: request.method,
    headers,
    body: Uint8Array.from(Buffer.concat(chunks)),
  });
}

function tooLarge(maximumBytes: number): Response {
  return failure(413, 'too_large', `Plus de ${Math.floor(maximumBytes / 1024)} Ko en un envoi.`);
}
