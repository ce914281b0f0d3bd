import type { FunctionEnv } from '../_shared/env.ts';
import { withoutMetadata } from '../_shared/jpeg.ts';
import { deleteObjects, readObject, writeJpeg } from '../_shared/storage.ts';
import type { Job, JobOutcome, JobPhoto } from './job.ts';

const privateBucket = 'photos';
const publicBucket = 'published';

/** Copies both sizes of each photo to the public bucket, without their metadata. */
export async function publishPhotos(env: FunctionEnv, job: Job): Promise<Partial<JobOutcome>> {
  const photos: JobOutcome['photos'] = [];
  for (const photo of job.photos ?? []) {
    const name = `${photo.id}-${photo.sha256.slice(0, 16)}`;
    if (!(await copy(env, photo.path, `${name}.jpg`))) continue;
    const hasThumbnail = photo.thumb_path !== null && (await copy(env, photo.thumb_path, `${name}-t.jpg`));
    photos.push({
      id: photo.id,
      public_path: `${name}.jpg`,
      public_thumb_path: hasThumbnail ? `${name}-t.jpg` : null,
    });
  }
  return { photos };
}

/** Deletes the public copies of photos that nobody may see any more. */
export async function unpublishPhotos(env: FunctionEnv, job: Job): Promise<Partial<JobOutcome>> {
  const photos = job.photos ?? [];
  const paths = photos
    .flatMap((photo) => [photo.public_path, photo.public_thumb_path])
    .filter((path) => path !== null);
  await deleteObjects(env, publicBucket, paths);
  return { photos: photos.map(({ id }: JobPhoto) => ({ id, public_path: null, public_thumb_path: null })) };
}

async function copy(env: FunctionEnv, from: string, to: string): Promise<boolean> {
  const bytes = await readObject(env, privateBucket, from);
  if (!bytes) return false;
  await writeJpeg(env, publicBucket, to, withoutMetadata(bytes));
  return true;
}
