import { callTables, rowsAt } from '../db/calls.ts';
import type { Precious } from '../db/precious.ts';
import type { OutboxRow } from '../db/rows.ts';
import { textOf } from './batches.ts';
import { inTurn } from './in-turn.ts';

/** A row whose text is fixed, as the call carries it. */
export type FrozenRow = OutboxRow & { readonly n: number; readonly frozen: string };

/** A call about to leave, noted on the disk, and what it carries in local order. */
export interface Leaving {
  readonly call: number;
  readonly rows: readonly FrozenRow[];
  /** Place of the latest save, whatever carries it. */
  readonly latest: number;
}

/**
 * Fixes the text of mutations about to leave, for ever, in one note of the call that carries them:
 * writing each row again would cost the browser as much as all the rest of a push. Rows taken back
 * in the meantime are left out; null when nothing is left.
 */
export function freeze(store: Precious, rows: readonly OutboxRow[]): Promise<Leaving | null> {
  const ids = new Set(rows.map((row) => row.mutation_id));
  const places = rows.flatMap(({ n }) => n ?? []);
  const write = async () => {
    const current = (await rowsAt(store, places)).flatMap((row): FrozenRow[] =>
      row.n !== undefined && row.state === 'queued' && ids.has(row.mutation_id)
        ? [{ ...row, n: row.n, frozen: textOf(row), attempts: row.attempts + 1 }]
        : [],
    );
    const [first] = current;
    if (!first) return null;
    const call = await store.calls.add({
      user_id: first.user_id,
      places: current.map(({ n }) => n),
      texts: current.map((row) => row.frozen),
    });
    const [latest = 0] = await store.outbox.reverse().limit(1).primaryKeys();
    return { call, rows: current, latest };
  };
  return inTurn(store, () => store.transaction('rw', callTables(store), write));
}
