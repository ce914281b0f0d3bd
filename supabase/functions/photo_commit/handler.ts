import { failure, json } from '../_shared/answers.ts';
import { callAsCaller, rpcAsService } from '../_shared/api.ts';
import type { FunctionEnv, FunctionHandler } from '../_shared/env.ts';
import { jpegSize } from '../_shared/jpeg.ts';
import { readObject } from '../_shared/storage.ts';
import { isOwnPath, readDeclaration, thumbnailPath, type PhotoDeclaration } from './request.ts';

/** Bytes of a photo at most: the limit of the bucket. */
const maximumBytes = 8 * 1024 * 1024;

/** Pixels of the longer side of a thumbnail at most. */
const thumbnailSide = 320;

/**
 * Records a photo once its bytes have been read back: `stored` lets the device free its copy, so
 * nothing is answered on the strength of what the device says.
 */
export const handler: FunctionHandler = async (request, env) => {
  if (request.method !== 'POST') return failure(405, 'invalid_argument', 'POST attendu.');
  const userId = await callerId(request, env);
  if (userId === null) return failure(401, 'auth_required', 'Connectez-vous pour continuer.');
  const photo = readDeclaration(await request.json().catch(() => null));
  if (typeof photo === 'string')
    return failure(400, 'invalid_argument', `Champ manquant ou invalide : ${photo}.`);
  if (!isOwnPath(userId, photo)) return json({ status: 'rejected', code: 'not_allowed' });
  if (photo.size > maximumBytes) return json({ status: 'rejected', code: 'too_large' });
  return json(await commit(env, userId, photo));
};

interface Outcome {
  status: 'stored' | 'missing' | 'mismatch' | 'rejected';
  code?: string;
}

async function commit(env: FunctionEnv, userId: string, photo: PhotoDeclaration): Promise<Outcome> {
  const bytes = await readObject(env, 'photos', photo.path);
  if (!bytes) return { status: 'missing' };
  if (bytes.byteLength > maximumBytes) return { status: 'rejected', code: 'too_large' };
  if (bytes.byteLength !== photo.size || (await sha256(bytes)) !== photo.sha256)
    return { status: 'mismatch' };
  const size = jpegSize(bytes);
  if (!size) return { status: 'rejected', code: 'not_an_image' };
  return (await rpcAsService(env, 'photo_record', {
    ...photo,
    ...size,
    user_id: userId,
    thumb_path: await findThumbnail(env, photo.path),
  })) as Outcome;
}

/** Path of the thumbnail when it is there and is one: a photo goes without rather than be refused. */
async function findThumbnail(env: FunctionEnv, path: string): Promise<string | null> {
  const thumbnail = await readObject(env, 'photos', thumbnailPath(path));
  const size = thumbnail && jpegSize(thumbnail);
  return size && Math.max(size.width, size.height) <= thumbnailSide ? thumbnailPath(path) : null;
}

async function callerId(request: Request, env: FunctionEnv): Promise<string | null> {
  if (!request.headers.get('authorization')) return null;
  const response = await callAsCaller(env, request, '/auth/v1/user');
  if (!response.ok) return null;
  const user = (await response.json()) as { id?: unknown };
  return typeof user.id === 'string' ? user.id : null;
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
