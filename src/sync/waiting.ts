import { LIMITS } from '../domain/limits.ts';
import type { SyncContext } from './context.ts';

/** What waits to be sent, as far as a glance tells: told at each change of the outbox, it must cost little. */
export interface Glance {
  /** Local numbers of the first rows of the queue. */
  readonly first: readonly number[];
  /** Whether these are all. */
  readonly isWhole: boolean;
  /** Local number of the last row, the latest save; 0 when nothing waits. */
  readonly last: number;
  readonly photos: readonly string[];
}

/** Looks at what is to be sent, whatever its progress. */
export async function glance({ precious, userId }: SyncContext): Promise<Glance> {
  const queued = () => precious.outbox.where('[user_id+state]').equals([userId, 'queued']);
  const first = (await queued().limit(LIMITS.glanceRows).primaryKeys()) as number[];
  const last = (await queued().reverse().limit(1).primaryKeys()) as number[];
  const photos = await precious.photos
    .where('[user_id+state]')
    .anyOf([
      [userId, 'local'],
      [userId, 'uploading'],
    ])
    .primaryKeys();
  return { first, isWhole: first.length < LIMITS.glanceRows, last: last[0] ?? 0, photos };
}

/**
 * Whether something is there to send that was not: a save, a refusal tried again, a photo. Rows that
 * come into view because those before them have left are not.
 */
export function isNews(before: Glance, now: Glance): boolean {
  const known = new Set(before.first);
  const end = before.isWhole ? Infinity : (before.first.at(-1) ?? Infinity);
  return (
    now.last > before.last ||
    now.first.some((n) => n <= end && !known.has(n)) ||
    now.photos.some((id) => !before.photos.includes(id))
  );
}

/** Nothing waits. */
export const NOTHING: Glance = { first: [], isWhole: true, last: 0, photos: [] };

/** Milliseconds until the first thing that waits for its hour may leave; null when nothing does. */
export async function nextDueMs({ precious, userId, now }: SyncContext): Promise<number | null> {
  const nowMs = now().getTime();
  const waiting = [
    [precious.outbox, 'queued'],
    [precious.photos, 'local'],
  ] as const;
  const hours = await Promise.all(
    waiting.map(async ([table, state]) => {
      const first = [userId, state, nowMs];
      // An hour beyond holds nothing back (see `isDue`).
      const last = [userId, state, nowMs + LIMITS.longestWaitMs];
      const keys = await table
        .where('[user_id+state+not_before]')
        .between(first, last, false, true)
        .limit(1)
        .keys();
      return keys.map((key) => (key as unknown as [string, string, number])[2]);
    }),
  );
  const ahead = hours.flat();
  return ahead.length ? Math.min(...ahead) - nowMs : null;
}
