import { outboxOf } from '../db/outbox.ts';
import type { Precious } from '../db/precious.ts';

/** Contributions of a person that this device still holds. */
export interface Unsent {
  /** They leave by themselves; photos that outlive their contribution count once a point. */
  readonly waiting: number;
  /** Refused, or in conflict: the person must look. */
  readonly heed: number;
  /** When the oldest of them was saved; null when there is none. */
  readonly oldestSavedAt: string | null;
}

export const NOTHING_UNSENT: Unsent = { waiting: 0, heed: 0, oldestSavedAt: null };

/** Counts them; none for nobody. */
export async function countUnsent(precious: Precious, userId: string | null): Promise<Unsent> {
  if (userId === null) return NOTHING_UNSENT;
  const rows = await outboxOf(precious, userId);
  const photos = await precious.photos.where('user_id').equals(userId).toArray();
  const queued = rows.filter((row) => row.state === 'queued');
  const told = new Set(queued.map((row) => row.point_id));
  const alone = photos.filter((one) => ['local', 'uploading'].includes(one.state) && !told.has(one.point_id));
  const refused = photos.filter((one) => one.state === 'refused').length;
  const waiting = queued.length + new Set(alone.map((one) => one.point_id)).size;
  const oldestSavedAt = queued.map((row) => row.saved_at).sort()[0] ?? null;
  return { waiting, heed: rows.length - queued.length + refused, oldestSavedAt };
}
