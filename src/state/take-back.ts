import type { Precious } from '../db/precious.ts';
import type { OutboxRow, SentRow } from '../db/rows.ts';
import { type Draft, makeMutation } from '../domain/commands/make.ts';
import { reverseOf } from '../domain/commands/reverse.ts';
import type { RandomBytes } from '../domain/id.ts';
import { parseJson } from '../domain/json.ts';
import { mutationSchema } from '../domain/mutation.ts';
import type { Point } from '../domain/point.ts';
import { enqueueMutation, isUntried } from '../sync/enqueue.ts';
import { undoMutation } from '../sync/outbox-actions.ts';

/** A receipt, with its point as it shows. */
export interface Arrived {
  readonly sent: SentRow;
  readonly point: Point | null;
}

interface TakeBackDeps {
  readonly precious: Precious;
  readonly now: () => Date;
  readonly random: RandomBytes;
}

/** Whether a contribution may still be changed, or disappear without a trace; not if it leaves this instant. */
export function isStillHere(row: OutboxRow): boolean {
  return isUntried(row);
}

/** What a receipt is about, and of somebody who looked, whether the thing stands. */
export function doneIn({ kind, payload }: SentRow): { kind: string; found?: boolean } {
  if (kind !== 'confirm') return { kind };
  const parsed = mutationSchema.safeParse(parseJson(payload));
  return parsed.success && parsed.data.kind === 'confirm' ? { kind, found: parsed.data.found } : { kind };
}

/** What would undo a contribution that has arrived; null when nothing does. */
export function wayBack({ sent, point }: Arrived): Draft | null {
  const parsed = mutationSchema.safeParse(parseJson(sent.payload));
  return parsed.success && sent.status !== 'rejected' ? reverseOf(parsed.data, point) : null;
}

/** Queues it. Returns the way back from there, which answers whether it was in time. */
export async function takeBack(
  { precious, now, random }: TakeBackDeps,
  arrived: Arrived,
): Promise<(() => Promise<boolean>) | null> {
  const reverse = wayBack(arrived);
  if (!reverse) return null;
  const mutation = makeMutation(reverse, now(), random);
  const id = await enqueueMutation(precious, mutation, { userId: arrived.sent.user_id, now: now() });
  return async () => (await undoMutation(precious, id)) !== null;
}
