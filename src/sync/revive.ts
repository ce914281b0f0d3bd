import { LIMITS } from '../domain/limits.ts';
import type { OutboxRow, PhotoRow } from '../db/rows.ts';
import { isDue } from './due.ts';
import type { SyncContext } from './context.ts';

/**
 * What was refused for want of its point goes again, once this phone is shown that point: a server put back from a
 * backup knows it only when its author's phone has come by. An hour after the refusal at the soonest.
 */
export async function reviveShown(ctx: SyncContext): Promise<void> {
  const { cache, now } = ctx;
  const nowMs = now().getTime();
  const due = (await orphans(ctx)).filter((row) => isDue(row.not_before, nowMs));
  const shown = await cache.points.bulkGet(due.map((row) => row.point_id));
  await queueAgain(
    ctx,
    due.filter((_, n) => shown[n]),
  );
}

/**
 * The same whether this phone is shown the point or not, and photos whose bytes are nowhere: their object may have been
 * put back since. Once a day, with the comparison, for as long as a server is asked about what was sent.
 */
export async function reviveDaily(ctx: SyncContext): Promise<void> {
  const { precious, userId, now } = ctx;
  const isRecent = (at: string) => now().getTime() - Date.parse(at) < LIMITS.sentKeptDays * 86_400_000;
  await queueAgain(
    ctx,
    (await orphans(ctx)).filter((row) => isRecent(row.saved_at)),
  );
  await precious.photos
    .where('[user_id+state]')
    .equals([userId, 'refused'])
    .and((photo) => isLost(photo) && isRecent(photo.stored_at ?? photo.taken_at))
    .modify({ state: 'local', not_before: 0 });
}

const isLost = (photo: PhotoRow): boolean => photo.last_problem?.code === 'photo_bytes_lost';

const isOrphan = (row: OutboxRow) =>
  row.state === 'refused' && row.last_problem?.code === 'unknown_point' && row.kind !== 'create';

function orphans({ precious, userId }: SyncContext): Promise<OutboxRow[]> {
  return precious.outbox.where('[user_id+state]').equals([userId, 'refused']).and(isOrphan).toArray();
}

async function queueAgain({ precious }: SyncContext, rows: readonly OutboxRow[]): Promise<void> {
  // Read anew: its author may have corrected it or given it up meanwhile.
  await precious.outbox
    .where('mutation_id')
    .anyOf(rows.map((row) => row.mutation_id))
    .and(isOrphan)
    .modify({ state: 'queued', last_problem: null, not_before: 0 });
}
