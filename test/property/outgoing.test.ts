// First of all: Dexie looks for IndexedDB when it is loaded.
import 'fake-indexeddb/auto';

import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { openPrecious } from '../../src/db/precious.ts';
import type { OutboxRow } from '../../src/db/rows.ts';
import { Outgoing } from '../../src/sync/outgoing.ts';

const PAGE_ROWS = 12;
/** Two of them do not fit in one call: what is left over must wait for its turn. */
const LARGE = JSON.stringify('x'.repeat(130_000));

const outbox = fc
  .array(
    fc.record({
      point: fc.constantFrom('p1', 'p2', 'p3', 'p4'),
      isMine: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, fc.constant(false)),
      isLarge: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.constant(true)),
      isRefusedCreate: fc.oneof({ weight: 30, arbitrary: fc.constant(false) }, fc.constant(true)),
    }),
    { minLength: 1, maxLength: 60, size: 'max' },
  )
  .map((given) =>
    given.map(({ point, isMine, isLarge, isRefusedCreate }, n): OutboxRow => {
      const id = `m${n}`;
      return {
        n,
        mutation_id: id,
        user_id: isMine ? 'me' : 'other',
        point_id: isMine ? point : `${point} of another`,
        kind: isRefusedCreate ? 'create' : 'comment',
        mutation: { kind: 'comment', mutation_id: id, v: 1, point_id: point, captured_at: '', text: 'x' },
        frozen: isLarge ? LARGE : '{}',
        state: isRefusedCreate ? 'refused' : 'queued',
        attempts: 1,
        last_problem: null,
        not_before: 0,
        saved_at: '',
      };
    }),
  );

/** Sends as four lanes do, each answer coming after a number of turns drawn by chance. */
async function sendAll(
  rows: readonly OutboxRow[],
  delays: fc.Stream<number>,
  name: string,
): Promise<OutboxRow[]> {
  const precious = openPrecious(name);
  await precious.outbox.bulkAdd(rows);
  const sent: OutboxRow[] = [];
  const inFlight = new Set<string>();
  const ctx = { precious, userId: 'me', now: () => new Date() };
  const lane = async (outgoing: Outgoing) => {
    for (;;) {
      const batch = await outgoing.next();
      if (!batch) return;
      const points = new Set(batch.map((row) => row.point_id));
      for (const point of points) expect(inFlight, 'one call at a time about a point').not.toContain(point);
      for (const point of points) inFlight.add(point);
      sent.push(...batch);
      const turns = delays.next().value ?? 0;
      for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setTimeout(resolve));
      await precious.outbox.bulkDelete(batch.map((row) => row.n ?? -1));
      for (const point of points) inFlight.delete(point);
      outgoing.release(batch);
    }
  };
  for (;;) {
    const outgoing = new Outgoing(ctx, () => false, PAGE_ROWS);
    await Promise.all([lane(outgoing), lane(outgoing), lane(outgoing), lane(outgoing)]);
    if (!outgoing.hasGiven) break;
  }
  await precious.delete();
  return sent;
}

it('hands out the whole outbox page by page, nothing overtaking on a point', async () => {
  let runs = 0;
  const delays = fc.infiniteStream(fc.integer({ min: 0, max: 4 }));
  await fc.assert(
    fc.asyncProperty(outbox, delays, async (rows, after) => {
      const sent = await sendAll(rows, after, `outgoing-${++runs}`);
      for (const point of new Set(rows.map((row) => row.point_id))) {
        const queue = rows.filter((row) => row.point_id === point && row.user_id === 'me');
        const held = queue.findIndex((row) => row.state === 'refused');
        const expected = held < 0 ? queue : queue.slice(0, held);
        const given = sent.filter((row) => row.point_id === point);
        expect(given.map((row) => row.n)).toEqual(expected.map((row) => row.n));
      }
    }),
    { numRuns: 40, endOnFailure: true },
  );
});
