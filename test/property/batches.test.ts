import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import type { OutboxRow } from '../../src/db/rows.ts';
import { LIMITS } from '../../src/domain/limits.ts';
import { byteLength } from '../../src/domain/push-batches.ts';
import { packBatches, readyLanes, textOf } from '../../src/sync/batches.ts';

const rows: fc.Arbitrary<OutboxRow[]> = fc
  .array(
    fc.record({
      point: fc.constantFrom('p1', 'p2', 'p3', 'p4', 'p5'),
      size: fc.oneof(
        { weight: 9, arbitrary: fc.integer({ min: 1, max: 400 }) },
        fc.integer({ min: 50_000, max: 300_000 }),
      ),
      state: fc.oneof(
        { weight: 8, arbitrary: fc.constant('queued' as const) },
        fc.constantFrom('refused' as const, 'conflict' as const),
      ),
      isLate: fc.oneof({ weight: 8, arbitrary: fc.constant(false) }, fc.constant(true)),
      isCreate: fc.boolean(),
    }),
    { maxLength: 160 },
  )
  .map((given) => given.map((one, index) => row(index, one)));

function row(
  n: number,
  {
    point,
    size,
    state,
    isLate,
    isCreate,
  }: { point: string; size: number; state: OutboxRow['state']; isLate: boolean; isCreate: boolean },
): OutboxRow {
  const kind = isCreate ? 'create' : 'comment';
  return {
    n,
    mutation_id: `m${n}`,
    user_id: 'me',
    point_id: point,
    kind,
    mutation: { kind: 'comment', mutation_id: `m${n}`, v: 1, point_id: point, captured_at: '', text: 'x' },
    frozen: 'é'.repeat(Math.ceil(size / 2)),
    state,
    attempts: 1,
    last_problem: null,
    not_before: isLate ? 1_000 : 0,
    saved_at: '',
  };
}

it('packs what may leave: order held, points apart, never over the limits', () => {
  fc.assert(
    fc.property(rows, (all) => {
      const lanes = readyLanes(all, 500);
      const batches = packBatches(lanes);
      const seen = new Map<string, number>();
      for (const [index, batch] of batches.entries()) {
        expect(batch.length).toBeGreaterThan(0);
        expect(batch.length).toBeLessThanOrEqual(LIMITS.pushMutations);
        const bytes = batch.reduce((sum, one) => sum + byteLength(textOf(one)) + 1, 0);
        if (batch.length > 1) expect(bytes).toBeLessThanOrEqual(LIMITS.pushBytes - LIMITS.pushEnvelopeBytes);
        for (const one of batch) {
          expect(one).toMatchObject({ state: 'queued', not_before: 0 });
          expect(seen.get(one.point_id) ?? index, 'a point is in one batch').toBe(index);
          seen.set(one.point_id, index);
        }
      }
      for (const point of new Set(all.map((one) => one.point_id))) {
        const queue = all.filter((one) => one.point_id === point);
        const sent = batches.flat().filter((one) => one.point_id === point);
        const queued = queue.filter((one) => one.state === 'queued');
        expect(sent, 'nothing is skipped').toEqual(queued.slice(0, sent.length));
        const held = queue.findIndex((one) => one.kind === 'create' && one.state !== 'queued');
        const last = sent.at(-1);
        if (held >= 0 && last) expect(queue.indexOf(last)).toBeLessThan(held);
      }
      // Something always leaves when something may: no queue stands still for ever.
      expect(batches.length > 0).toBe(lanes.length > 0);
    }),
  );
});
