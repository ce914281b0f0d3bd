import type { PackedIndex } from '../domain/thesaurus/packed-index.ts';
import type { IndexAnswered, IndexAsked } from './term-index-worker.ts';

/** Has a worker make the index of the terms that a database has; null where there are no workers, or it failed. */
export async function packedInWorker(asked: IndexAsked): Promise<PackedIndex | null> {
  if (typeof Worker === 'undefined') return null;
  const worker = new Worker(new URL('./term-index-worker.ts', import.meta.url), { type: 'module' });
  const answered = new Promise<PackedIndex | null>((resolve) => {
    worker.addEventListener('message', ({ data }: MessageEvent<IndexAnswered>) =>
      resolve('packed' in data ? data.packed : null),
    );
    worker.addEventListener('error', () => resolve(null));
    worker.postMessage(asked);
  });
  // It gives all its memory back: what it made has changed hands.
  return answered.finally(() => worker.terminate());
}
