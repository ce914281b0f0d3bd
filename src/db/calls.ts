import type { Precious } from './precious.ts';
import type { CallRow, OutboxRow } from './rows.ts';

/** Tables that a call touches: the transaction that changes a row must see whether one carries it. */
export const callTables = (store: Precious) => [store.outbox, store.calls];

/** Whether a call carries that row of the outbox, its answer unknown. */
export async function isOnItsWay(store: Precious, place: number): Promise<boolean> {
  return (await store.calls.where('places').equals(place).count()) > 0;
}

/** Calls of a user whose answer is not known, in the order in which they left. */
export function callsOf(store: Precious, userId: string): Promise<CallRow[]> {
  return store.calls.where('user_id').equals(userId).sortBy('id');
}

/** The text under which each row left, by place. */
export async function textsOnTheirWay(store: Precious, userId: string): Promise<Map<number, string>> {
  const calls = await callsOf(store, userId);
  return new Map(calls.flatMap(({ places, texts }) => places.map((n, index) => [n, texts[index] ?? ''])));
}

/**
 * The end of a call: rows that the server settled go. The texts of the others are fixed on them, for
 * the next call to send the same; one that its author has discarded meanwhile stays so. A call
 * already closed does nothing more.
 */
export function closeCall(store: Precious, id: number, settled: readonly number[] = []): Promise<void> {
  const gone = new Set(settled);
  return store.transaction('rw', callTables(store), async () => {
    const call = await store.calls.get(id);
    await deleteAt(store, settled);
    if (!call) return;
    const texts = new Map(call.places.map((place, index) => [place, call.texts[index] ?? null]));
    const left = await rowsAt(
      store,
      call.places.filter((place) => !gone.has(place)),
    );
    // Those that already bear theirs are not written again at each failure of a weak network.
    const bare = left.filter((row) => row.frozen === null);
    const textAt = (n = NaN) => texts.get(n) ?? null;
    await store.outbox.bulkPut(bare.map((row) => ({ ...row, frozen: textAt(row.n), attempts: 1 })));
    await store.calls.delete(id);
  });
}

/** Rows by their places, in local order: a few ranges are asked for, where each row would be a request. */
export async function rowsAt(store: Precious, places: readonly number[]): Promise<OutboxRow[]> {
  const found = await Promise.all(runsOf(places).map(([a, b]) => between(store, a, b).toArray()));
  return found.flat();
}

/** Deletes rows by their places. */
async function deleteAt(store: Precious, places: readonly number[]): Promise<void> {
  await Promise.all(runsOf(places).map(([a, b]) => between(store, a, b).delete()));
}

const between = (store: Precious, first: number, last: number) =>
  store.outbox.where('n').between(first, last, true, true);

/** Places as ranges without a hole: neighbours, as the captures of a day are, make one. */
function runsOf(places: readonly number[]): [first: number, last: number][] {
  const runs: [number, number][] = [];
  for (const place of [...places].sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run?.[1] === place - 1) run[1] = place;
    else runs.push([place, place]);
  }
  return runs;
}
