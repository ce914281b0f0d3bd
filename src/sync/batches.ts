import type { OutboxRow } from '../db/rows.ts';
import { jsonText } from '../domain/json.ts';
import { LIMITS } from '../domain/limits.ts';
import { byteLength } from '../domain/push-batches.ts';
import { isDue } from './due.ts';

/** Text that a row sends: fixed once it has been tried. */
export function textOf(row: OutboxRow): string {
  return row.frozen ?? jsonText(row.mutation);
}

/**
 * The rows that may leave now, by point, in local order. A point's queue stops at its first row
 * that must wait (undo delay, backoff, a create that was refused): nothing overtakes it. `stopped`
 * remembers such points from one page of the outbox to the next.
 */
export function readyLanes(
  rows: readonly OutboxRow[],
  nowMs: number,
  stopped = new Set<string>(),
): OutboxRow[][] {
  const lanes = new Map<string, OutboxRow[]>();
  for (const row of rows) {
    if (stopped.has(row.point_id)) continue;
    if (row.state === 'queued' && isDue(row.not_before, nowMs)) {
      const lane = lanes.get(row.point_id);
      if (lane) lane.push(row);
      else lanes.set(row.point_id, [row]);
    } else if (row.state === 'queued' || row.kind === 'create') {
      stopped.add(row.point_id);
    }
  }
  return [...lanes.values()];
}

/**
 * Packs lanes into batches that touch disjoint points, each of at most 50 mutations and 256 KB.
 * What does not fit of a lane waits for the next round, so that the order holds.
 */
export function packBatches(lanes: readonly OutboxRow[][]): OutboxRow[][] {
  const room = LIMITS.pushBytes - LIMITS.pushEnvelopeBytes;
  const batches: OutboxRow[][] = [];
  let batch: OutboxRow[] = [];
  let bytes = 0;
  const close = () => {
    if (batch.length) batches.push(batch);
    [batch, bytes] = [[], 0];
  };
  for (const lane of lanes) {
    const first = lane[0] ? byteLength(textOf(lane[0])) : 0;
    if (batch.length >= LIMITS.pushMutations || bytes + first > room) close();
    for (const row of lane) {
      const size = byteLength(textOf(row)) + 1;
      const isFull = batch.length >= LIMITS.pushMutations || bytes + size > room;
      // Alone and too large all the same: sent, for the server to say so.
      if (isFull && batch.length > 0) break;
      batch.push(row);
      bytes += size;
    }
  }
  close();
  return batches;
}
