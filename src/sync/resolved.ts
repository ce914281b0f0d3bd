import { deleteFromOutbox } from '../db/outbox.ts';
import type { SyncContext } from './context.ts';

/** Conflicts settled elsewhere (another device, a moderator) stop asking for an eye here. */
export async function closeResolved({ precious, cache, userId }: SyncContext): Promise<void> {
  const rows = await precious.outbox.where('[user_id+state]').equals([userId, 'conflict']).toArray();
  for (const row of rows) {
    const known = await cache.points.get(row.point_id);
    if (!known) continue;
    const isOpen = known.point.conflicts.some((one) => one.mutation_id === row.mutation_id);
    if (!isOpen) await deleteFromOutbox(precious, row.mutation_id);
  }
}
