import { rpcAsService } from '../_shared/api.ts';
import type { FunctionEnv } from '../_shared/env.ts';
import { withoutMetadata } from '../_shared/jpeg.ts';
import { deleteObjects, readObject, writeJpeg } from '../_shared/storage.ts';
import type { Job, JobPhoto } from './job.ts';

const privateBucket = 'photos';
const publicBucket = 'published';

/** Copies both sizes of each photo to the public bucket, without their metadata. */
export async function publishPhotos(env: FunctionEnv, job: Job): Promise<void> {
  for (const photo of job.photos) await publishPhoto(env, photo);
}

/** Deletes the public copies of photos that nobody may see any more. */
export async function unpublishPhotos(env: FunctionEnv, job: Job): Promise<void> {
  for (const photo of job.photos) {
    await deleteObjects(env, publicBucket, publicPaths(photo));
    await rpcAsService(env, 'photo_unpublished', { photo_id: photo.photo_id });
  }
}

async function publishPhoto(env: FunctionEnv, photo: JobPhoto): Promise<void> {
  await copy(env, photo.path, photo.public_path);
  if (photo.thumb_path !== null && photo.public_thumb_path !== null) {
    await copy(env, photo.thumb_path, photo.public_thumb_path);
  }
  const { keep } = (await rpcAsService(env, 'photo_published', photo)) as { keep: boolean };
  if (!keep) await deleteObjects(env, publicBucket, publicPaths(photo));
}

async function copy(env: FunctionEnv, from: string, to: string): Promise<void> {
  const bytes = await readObject(env, privateBucket, from);
  if (!bytes) throw new Error(`${from} is gone`);
  await writeJpeg(env, publicBucket, to, withoutMetadata(bytes));
}

function publicPaths(photo: JobPhoto): string[] {
  return [photo.public_path, ...(photo.public_thumb_path === null ? [] : [photo.public_thumb_path])];
}
