import { deleteUnsentPhotos } from '../db/photos.ts';
import type { Precious } from '../db/precious.ts';
import type { OutboxRow } from '../db/rows.ts';
import { makeMutation } from '../domain/commands/make.ts';
import { reverseOf } from '../domain/commands/reverse.ts';
import type { RandomBytes } from '../domain/id.ts';
import type { Point } from '../domain/point.ts';
import { enqueueMutation } from '../sync/enqueue.ts';
import { discardMutation, undoMutation } from '../sync/outbox-actions.ts';

interface GiveUpDeps {
  readonly precious: Precious;
  readonly now: () => Date;
  readonly random: RandomBytes;
}

/**
 * `deleted`: it had not left, nothing of it is anywhere. `withdrawn`: its sending was tried, so what
 * undoes it follows it. `forgotten`: it was tried, nothing undoes it, and the server may have it.
 */
export type GivenUp = 'deleted' | 'withdrawn' | 'forgotten';

/** Gives up a contribution that waits. `point` is what it is about, as it shows with what waits. */
export async function giveUp(
  { precious, now, random }: GiveUpDeps,
  row: OutboxRow,
  point: Point | null,
): Promise<GivenUp> {
  if (await undoMutation(precious, row.mutation_id, { withPhotos: true })) return 'deleted';
  const reverse = reverseOf(row.mutation, point);
  if (!reverse) {
    await discardMutation(precious, row.mutation_id);
    return 'forgotten';
  }
  const by = { userId: row.user_id, now: now(), isHeld: true };
  await enqueueMutation(precious, makeMutation(reverse, now(), random), by);
  await deleteUnsentPhotos(precious, row.point_id, row.kind === 'create' ? undefined : row.mutation_id);
  return 'withdrawn';
}
