import { outboxOf } from '../db/outbox.ts';
import type { Precious } from '../db/precious.ts';

/** Contributions of a person that this device still holds. */
export interface Unsent {
  /** They leave by themselves. */
  readonly waiting: number;
  /** Refused, or in conflict: the person must look. */
  readonly heed: number;
}

export const NOTHING_UNSENT: Unsent = { waiting: 0, heed: 0 };

/** Counts them; none for nobody. */
export async function countUnsent(precious: Precious, userId: string | null): Promise<Unsent> {
  if (userId === null) return NOTHING_UNSENT;
  const rows = await outboxOf(precious, userId);
  const waiting = rows.filter((row) => row.state === 'queued').length;
  return { waiting, heed: rows.length - waiting };
}
