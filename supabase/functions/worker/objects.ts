import type { FunctionEnv } from '../_shared/env.ts';
import { deleteObjects } from '../_shared/storage.ts';
import type { Job, JobOutcome } from './job.ts';

/** Deletes the objects of Storage that no photo knows: the database has listed them and records none of them any more. */
export async function collectObjects(env: FunctionEnv, job: Job): Promise<Partial<JobOutcome>> {
  const objects = job.objects ?? [];
  for (const bucket of new Set(objects.map((object) => object.bucket))) {
    const names = objects.filter((object) => object.bucket === bucket).map(({ name }) => name);
    await deleteObjects(env, bucket, names);
  }
  return {};
}
