import type { SyncContext } from './context.ts';
import { isDue } from './due.ts';

/** Ids of everything that is to be sent, whatever its progress. */
export async function sendableIds({ precious, userId }: SyncContext): Promise<string[]> {
  const rows = await precious.outbox.where('[user_id+state]').equals([userId, 'queued']).toArray();
  const photos = await precious.photos
    .where('[user_id+state]')
    .anyOf([
      [userId, 'local'],
      [userId, 'uploading'],
    ])
    .primaryKeys();
  return [...rows.map((row) => row.mutation_id), ...photos];
}

/** Milliseconds until the first thing that waits for its hour may leave; null when nothing does. */
export async function nextDueMs({ precious, userId, now }: SyncContext): Promise<number | null> {
  const rows = await precious.outbox.where('[user_id+state]').equals([userId, 'queued']).toArray();
  const photos = await precious.photos.where('[user_id+state]').equals([userId, 'local']).toArray();
  const hours = [...rows, ...photos].map((row) => row.not_before);
  const nowMs = now().getTime();
  const ahead = hours.filter((hour) => !isDue(hour, nowMs));
  return ahead.length ? Math.min(...ahead) - nowMs : null;
}
