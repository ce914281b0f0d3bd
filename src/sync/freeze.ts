import type { Precious } from '../db/precious.ts';
import type { OutboxRow } from '../db/rows.ts';
import { textOf } from './batches.ts';
import { inTurn } from './in-turn.ts';

/**
 * Fixes the text of mutations about to leave, for ever, and counts the attempt. Rows taken back
 * in the meantime are left out. What is returned is what is on the disk, in local order.
 */
export function freeze(store: Precious, rows: readonly OutboxRow[]): Promise<OutboxRow[]> {
  const ids = new Set(rows.map((row) => row.mutation_id));
  const places = rows.flatMap(({ n }) => n ?? []);
  const write = async () => {
    // By their places, all asked at once: saves wait for this transaction.
    const current = (await store.outbox.bulkGet(places)).filter((row) => row !== undefined);
    const frozen = current
      .filter((row) => row.state === 'queued' && ids.has(row.mutation_id))
      .sort((a, b) => (a.n ?? 0) - (b.n ?? 0))
      .map((row) => ({
        ...row,
        frozen: textOf(row),
        attempts: row.attempts + 1,
      }));
    await store.outbox.bulkPut(frozen);
    return frozen;
  };
  return inTurn(store, () => store.transaction('rw', store.outbox, write));
}
