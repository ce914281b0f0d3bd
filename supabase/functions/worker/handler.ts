import { failure, json } from '../_shared/answers.ts';
import { rpcAsService } from '../_shared/api.ts';
import type { FunctionEnv, FunctionHandler } from '../_shared/env.ts';
import type { Job, JobOutcome } from './job.ts';
import { collectObjects } from './objects.ts';
import { sendMail } from './send-mail.ts';
import { publishPhotos, unpublishPhotos } from './photos.ts';

/** Jobs of one run: a few copies of photos fit in the 2 s of processor that a function has. */
const jobsPerRun = 5;

const runners: Readonly<Record<string, (env: FunctionEnv, job: Job) => Promise<Partial<JobOutcome>>>> = {
  publish_photos: publishPhotos,
  unpublish_photos: unpublishPhotos,
  mail: sendMail,
  collect_objects: collectObjects,
};

/**
 * Runs the jobs that wait in `app.jobs`. Each one may run twice (a run that is cut is tried
 * again), so each leaves things as one run would. Called with the service key only.
 */
export const handler: FunctionHandler = async (request, env) => {
  if (!isService(request, env)) return failure(403, 'not_allowed');
  const { jobs } = (await rpcAsService(env, 'worker_take', { limit: jobsPerRun })) as { jobs: Job[] };
  let failed = 0;
  for (const job of jobs) {
    const outcome = await run(env, job);
    if (outcome.error !== undefined) failed += 1;
    await rpcAsService(env, 'worker_done', outcome);
  }
  return json({ done: jobs.length - failed, failed });
};

async function run(env: FunctionEnv, job: Job): Promise<JobOutcome> {
  const runner = Object.hasOwn(runners, job.kind) ? runners[job.kind] : undefined;
  if (!runner) return { id: job.id, error: `unknown kind ${job.kind}` };
  try {
    return { id: job.id, ...(await runner(env, job)) };
  } catch (error) {
    return { id: job.id, error: error instanceof Error ? error.message : String(error) };
  }
}

function isService(request: Request, env: FunctionEnv): boolean {
  const key = request.headers.get('apikey') ?? request.headers.get('authorization')?.replace(/^Bearer /, '');
  return env.serviceKey !== '' && key === env.serviceKey;
}
