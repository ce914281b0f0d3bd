import { withRoom } from '../db/guard.ts';
import type { Precious } from '../db/precious.ts';
import { imageFormat } from '../device/image-format.ts';
import { LIMITS } from '../domain/limits.ts';
import { problem, ProblemError } from '../domain/problems.ts';
import type { PhotoKeeper, PhotoOutcome } from './photo-keeper.ts';
import type { PhotoAnswered, PhotoAsked, ShrinkAnswered, ShrinkAsked } from './photo-worker.ts';
import { aloneOnTheDevice, inTurns, queue } from './photo-turns.ts';

/** Bytes that tell what a file is. */
const FORMAT_BYTES = 16;

/**
 * The keeper of photos in a worker: to write, read, decode and draw 12 megapixels on the page's thread would hold the
 * screen for seconds.
 */
export function photoKeeperInWorker(precious: Precious): PhotoKeeper {
  const keeper = hasPhotoWorker() ? keeperBeside(precious) : keeperHere(precious);
  return checked(inTurns(aloneOnTheDevice(keeper)));
}

/** What is no picture is told before it is kept: a save that follows at once must not count on it. */
function checked(keeper: PhotoKeeper): PhotoKeeper {
  return {
    async keep(row, file) {
      const start = await file.slice(0, FORMAT_BYTES).arrayBuffer();
      if (!imageFormat(new Uint8Array(start))) throw new ProblemError('not_an_image', file.type);
      await keeper.keep(row, file);
    },
    prepare: (id) => keeper.prepare(id),
  };
}

function keeperBeside(precious: Precious): PhotoKeeper {
  const database = precious.name;
  // Of their own: a photo just taken is on the disk before the last one is made smaller.
  const inTheirTurn = queue();
  return {
    // What makes room is known here alone.
    keep: (row, file) =>
      inTheirTurn(async () => {
        await withRoom(precious, () => ask({ verb: 'keep', database, row, file }));
      }),
    async prepare(id) {
      let outcome: PhotoOutcome | undefined;
      const prepare = async () => {
        outcome = await ask({ verb: 'prepare', database, id }).catch((cause: unknown) =>
          leave(database, id, cause),
        );
        if (outcome.problem?.code === 'quota') throw new ProblemError(outcome.problem);
        return outcome;
      };
      return withRoom(precious, prepare).catch((cause: unknown) => {
        if (outcome) return outcome;
        throw cause;
      });
    },
  };
}

/** The worker died of the photo, which then stays as it came. */
async function leave(database: string, id: string, cause: unknown): Promise<PhotoOutcome> {
  const why = cause instanceof ProblemError ? cause.problem : problem('unknown', String(cause));
  const asItIs: PhotoOutcome = { problem: why, ready: { thumb: null, isUnreadable: true } };
  return ask({ verb: 'leave', database, id, problem: why }).catch(() => asItIs);
}

function keeperHere(precious: Precious): PhotoKeeper {
  const here = async () => {
    const [{ photoKeeper }, { preparePhoto }] = await Promise.all([
      import('./photo-keeper.ts'),
      import('../device/image-pipeline.ts'),
    ]);
    return photoKeeper(precious, preparePhoto);
  };
  return {
    keep: async (row, file) => (await here()).keep(row, file),
    prepare: async (id) => (await here()).prepare(id),
  };
}

/** Drawing in a worker needs OffscreenCanvas, which Safari has since 16.4. */
export function hasPhotoWorker(): boolean {
  return typeof Worker !== 'undefined' && typeof OffscreenCanvas !== 'undefined';
}

const ask = (asked: PhotoAsked): Promise<PhotoOutcome> => askPhotoWorker(asked);

type Asked = PhotoAsked | ShrinkAsked;
type OutcomeOf<A extends Asked> = Extract<
  A extends ShrinkAsked ? ShrinkAnswered : PhotoAnswered,
  { outcome: unknown }
>['outcome'];

/** A worker for each photo: it takes 20 ms to start, and gives all its memory back when it ends. */
export function askPhotoWorker<A extends Asked>(asked: A): Promise<OutcomeOf<A>> {
  const worker = new Worker(new URL('./photo-worker.ts', import.meta.url), { type: 'module' });
  const limit = AbortSignal.timeout(LIMITS.photoWorkMs);
  return new Promise<OutcomeOf<A>>((resolve, reject) => {
    limit.addEventListener('abort', () => reject(new ProblemError('timeout', 'photo worker')));
    worker.addEventListener('message', ({ data }: MessageEvent<PhotoAnswered | ShrinkAnswered>) => {
      if ('outcome' in data) resolve(data.outcome as OutcomeOf<A>);
      else reject(new ProblemError(data.problem));
    });
    worker.addEventListener('error', (event) =>
      reject(new ProblemError(problem('unreadable_file', event.message))),
    );
    worker.postMessage(asked);
  }).finally(() => worker.terminate());
}
