import { outboxRow } from '../db/outbox.ts';
import type { Precious } from '../db/precious.ts';
import type { OutboxRow } from '../db/rows.ts';

/**
 * Fixes the text of mutations about to leave, for ever, and counts the attempt. Rows taken back
 * in the meantime are left out. What is returned is what is on the disk.
 */
export function freeze(store: Precious, rows: readonly OutboxRow[]): Promise<OutboxRow[]> {
  return store.transaction('rw', store.outbox, async () => {
    const frozen: OutboxRow[] = [];
    for (const { mutation_id } of rows) {
      const row = await outboxRow(store, mutation_id);
      if (row?.state !== 'queued') continue;
      const next = {
        ...row,
        frozen: row.frozen ?? JSON.stringify(row.mutation),
        attempts: row.attempts + 1,
      };
      await store.outbox.put(next);
      frozen.push(next);
    }
    return frozen;
  });
}
