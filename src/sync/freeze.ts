import type { Precious } from '../db/precious.ts';
import type { OutboxRow } from '../db/rows.ts';
import { textOf } from './batches.ts';

/**
 * Fixes the text of mutations about to leave, for ever, and counts the attempt. Rows taken back
 * in the meantime are left out. What is returned is what is on the disk, in local order.
 */
export function freeze(store: Precious, rows: readonly OutboxRow[]): Promise<OutboxRow[]> {
  const ids = rows.map((row) => row.mutation_id);
  return store.transaction('rw', store.outbox, async () => {
    const current = await store.outbox.where('mutation_id').anyOf(ids).sortBy('n');
    const frozen = current
      .filter((row) => row.state === 'queued')
      .map((row) => ({
        ...row,
        frozen: textOf(row),
        attempts: row.attempts + 1,
      }));
    await store.outbox.bulkPut(frozen);
    return frozen;
  });
}
