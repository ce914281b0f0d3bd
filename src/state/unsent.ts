import { outboxOf } from '../db/outbox.ts';
import type { Precious } from '../db/precious.ts';
import type { OutboxRow, PhotoRow } from '../db/rows.ts';
import { timeOfId } from '../domain/id.ts';
import { LIMITS } from '../domain/limits.ts';

const DAY_MS = 86_400_000;

/** Contributions of a person that this device still holds. */
export interface Unsent {
  /** They leave by themselves; photos that outlive their contribution count once a point. */
  readonly waiting: number;
  /** Refused, or in conflict: the person must look. */
  readonly heed: number;
  /** When the oldest of what leaves was saved; null when nothing does. */
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
  const leaving = photos.filter((one) => ['local', 'uploading'].includes(one.state));
  const alone = leaving.filter((one) => !told.has(one.point_id));
  const refused = photos.filter((one) => one.state === 'refused').length;
  const waiting = queued.length + new Set(alone.map((one) => one.point_id)).size;
  return { waiting, heed: rows.length - queued.length + refused, oldestSavedAt: oldestOf(queued, leaving) };
}

/** Whether something has waited so long that its author should be told. */
export function isWorrying(oldestSavedAt: string | null, now: Date): oldestSavedAt is string {
  if (oldestSavedAt === null) return false;
  return now.getTime() - Date.parse(oldestSavedAt) >= LIMITS.oldestUnsentWarningDays * DAY_MS;
}

/**
 * When the oldest of what waits was saved; null for nothing. A photo counts by itself once the
 * contribution that it came with has arrived.
 */
export function oldestOf(rows: readonly OutboxRow[], photos: readonly PhotoRow[]): string | null {
  // Looked up, not searched: this is told again at each change, however much waits.
  const created = new Set(rows.flatMap((row) => (row.kind === 'create' ? [row.point_id] : [])));
  const points = new Map(rows.map((row) => [row.mutation_id, row.point_id]));
  const comesWith = ({ point_id, given_with }: PhotoRow) =>
    created.has(point_id) || (given_with !== undefined && points.get(given_with) === point_id);
  const alone = photos.filter((photo) => !comesWith(photo));
  return [...rows.map((row) => row.saved_at), ...alone.map(heldSince)].sort()[0] ?? null;
}

/** A photo of the gallery may be years old: it waits no longer than since the day in its id. */
function heldSince({ id, taken_at }: PhotoRow): string {
  const day = timeOfId(id);
  const isFromBefore = Date.parse(taken_at) < day;
  return isFromBefore ? new Date(day).toISOString() : taken_at;
}
