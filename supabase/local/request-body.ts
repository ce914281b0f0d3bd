import { failure } from '../functions/_shared/answers.ts';

/** Largest body that any address of the API takes: a photo of 8 MB and some room. */
const maximumBodyBytes = 9 * 1024 * 1024;

/**
 * Reads the whole body of a request before it is handled: a slow upload must not hold the
 * database, and the declared length is replaced by the true one.
 * @returns the request with its body in memory, or the refusal
 */
export async function bufferBody(request: Request): Promise<Request | Response> {
  if (request.body === null) return request;
  if (Number(request.headers.get('content-length') ?? 0) > maximumBodyBytes) return tooLarge();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body) {
    length += chunk.byteLength;
    if (length > maximumBodyBytes) return tooLarge();
    chunks.push(chunk);
  }
  const headers = new Headers(request.headers);
  headers.set('content-length', String(length));
  return new Request(request.url, {
    method: request.method,
    headers,
    body: Uint8Array.from(Buffer.concat(chunks)),
  });
}

function tooLarge(): Response {
  return failure(413, 'too_large', `Plus de ${maximumBodyBytes / 1024 / 1024} Mo en un envoi.`);
}
