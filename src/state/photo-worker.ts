import { openPrecious } from '../db/precious.ts';
import type { PhotoRow } from '../db/rows.ts';
import { type PreparedPhoto, preparePhoto } from '../device/image-pipeline.ts';
import { type Problem, problemOf } from '../domain/problems.ts';
import { leaveAsItCame, photoKeeper, type PhotoOutcome } from './photo-keeper.ts';

/** What the page asks: one of these, of the database of that name. */
export type PhotoAsked = { readonly database: string } & (
  | { readonly verb: 'keep'; readonly row: PhotoRow; readonly file: Blob }
  | { readonly verb: 'prepare'; readonly id: string }
  | { readonly verb: 'leave'; readonly id: string; readonly problem: Problem }
);

export type PhotoAnswered = { readonly outcome: PhotoOutcome } | { readonly problem: Problem };

/** The same work for a photo that no database keeps. */
export interface ShrinkAsked {
  readonly verb: 'shrink';
  readonly file: Blob;
}

export type ShrinkAnswered =
  { readonly outcome: Pick<PreparedPhoto, 'bytes' | 'isDecoded'> } | { readonly problem: Problem };

/** Reads, decodes, draws and writes photos away from the interface. One message in, one out. */
addEventListener('message', ({ data }: MessageEvent<PhotoAsked | ShrinkAsked>) => {
  if (data.verb === 'shrink') {
    void shrink(data.file);
    return;
  }
  const precious = openPrecious(data.database);
  const keeper = photoKeeper(precious, preparePhoto);
  const work = async (): Promise<PhotoOutcome> => {
    if (data.verb === 'prepare') return keeper.prepare(data.id);
    if (data.verb === 'leave') return leaveAsItCame(precious, preparePhoto, data.id, data.problem);
    await keeper.keep(data.row, data.file);
    return {};
  };
  work()
    .then(
      (outcome): PhotoAnswered => ({ outcome }),
      (cause: unknown): PhotoAnswered => ({ problem: problemOf(cause) }),
    )
    .then((answered) => {
      precious.close();
      const thumb = 'outcome' in answered ? answered.outcome.ready?.thumb : null;
      postMessage(answered, { transfer: thumb ? [thumb] : [] });
    })
    .catch((cause: unknown) => console.error(cause));
});

async function shrink(file: Blob): Promise<void> {
  try {
    const { bytes, isDecoded } = await preparePhoto(file);
    postMessage({ outcome: { bytes, isDecoded } } satisfies ShrinkAnswered, { transfer: [bytes] });
  } catch (cause) {
    postMessage({ problem: problemOf(cause) } satisfies ShrinkAnswered);
  }
}
