import { type Problem, problem, ProblemError } from '../domain/problems.ts';
import type { PreparedPhoto } from './image-pipeline.ts';

interface Answer {
  readonly id: number;
  readonly photo?: PreparedPhoto;
  readonly problem?: Problem;
}

/** `asItCame`: the photo is not decoded, only read and kept. */
interface PrepareOptions {
  readonly asItCame?: boolean;
}

let lastId = 0;
let queue: Promise<unknown> = Promise.resolve();

/**
 * Prepares a photo in a worker, one at a time: two 12-megapixel bitmaps at once kill an old phone.
 * See `preparePhoto` for what comes out and what it throws.
 */
export function prepareInWorker(file: Blob, options: PrepareOptions = {}): Promise<PreparedPhoto> {
  const result = queue.then(() => (canUseWorker() ? askWorker(file, options) : prepareHere(file, options)));
  queue = result.catch(() => undefined);
  return result;
}

/** Drawing in a worker needs OffscreenCanvas, which Safari has since 16.4. */
const canUseWorker = () => typeof Worker !== 'undefined' && typeof OffscreenCanvas !== 'undefined';

async function prepareHere(file: Blob, options: PrepareOptions): Promise<PreparedPhoto> {
  const { preparePhoto } = await import('./image-pipeline.ts');
  return preparePhoto(file, options);
}

/** A worker for each photo: it takes 20 ms to start, and gives all its memory back when it ends. */
function askWorker(file: Blob, options: PrepareOptions): Promise<PreparedPhoto> {
  const worker = new Worker(new URL('./image-worker.ts', import.meta.url), { type: 'module' });
  const id = ++lastId;
  return new Promise<PreparedPhoto>((resolve, reject) => {
    worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
      if (data.id !== id) return;
      if (data.photo) resolve(data.photo);
      else reject(new ProblemError(data.problem ?? problem('unknown')));
    });
    worker.addEventListener('error', (event) =>
      reject(new ProblemError(problem('unreadable_file', event.message))),
    );
    worker.postMessage({ id, file, options });
  }).finally(() => worker.terminate());
}
