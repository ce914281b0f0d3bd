import { callAsService } from './api.ts';
import type { FunctionEnv } from './env.ts';

/** Reads an object of Storage as the service; null when there is none. */
export async function readObject(
  env: FunctionEnv,
  bucket: string,
  path: string,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const response = await callAsService(env, `/storage/v1/object/${bucket}/${path}`);
  if (response.ok) return new Uint8Array(await response.arrayBuffer());
  // Storage answers 400 with a code in the body where others answer 404.
  const body = await response.text();
  if (response.status === 404 || /not.?found/i.test(body)) return null;
  throw new Error(`storage ${bucket}/${path}: ${response.status} ${body}`);
}

/** Writes an immutable public JPEG; finding it already there is success. */
export async function writeJpeg(
  env: FunctionEnv,
  bucket: string,
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const response = await callAsService(env, `/storage/v1/object/${bucket}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'image/jpeg', 'cache-control': 'max-age=31536000' },
    body: bytes,
  });
  if (response.ok) return;
  const body = await response.text();
  if (response.status === 409 || /duplicate|already exists/i.test(body)) return;
  throw new Error(`storage ${bucket}/${path}: ${response.status} ${body}`);
}

/** Deletes objects; those that are already gone are no failure. */
export async function deleteObjects(env: FunctionEnv, bucket: string, paths: string[]): Promise<void> {
  if (paths.length === 0) return;
  const response = await callAsService(env, `/storage/v1/object/${bucket}`, {
    method: 'DELETE',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ prefixes: paths }),
  });
  if (!response.ok) throw new Error(`storage ${bucket}: ${response.status} ${await response.text()}`);
}
