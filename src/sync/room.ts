import { dropBucket } from '../db/points.ts';
import type { BucketRow } from '../db/rows.ts';
import { trimmedAt } from '../db/trim.ts';
import { LIMITS } from '../domain/limits.ts';
import type { Point } from '../domain/point.ts';
import type { SyncContext } from './context.ts';

/**
 * Bytes that rows weigh in the copy: their length as JSON, from one row in twenty. Browsers do not
 * tell what a database weighs (their estimate is of the whole origin, rounded, tile images included),
 * and to measure each row would cost a phone more than to write it. Structured clones of such rows
 * are about as long as their JSON; what indexes add is what the browser's compression takes away.
 */
export function weightOf(points: readonly Point[]): number {
  const sample = points.filter((_, index) => index % LIMITS.weighedOneIn === 0);
  const bytes = sample.reduce((sum, point) => sum + JSON.stringify(point).length, 0);
  return sample.length ? Math.round((bytes / sample.length) * points.length) : 0;
}

export const isCell = (bucketId: string): boolean => bucketId.startsWith('c:');

/** Whether the copy is at its limit, or the device was found full within a day, or is about to be. */
export async function isFull(ctx: SyncContext): Promise<boolean> {
  const { cells, bytes } = await heldCells(ctx);
  return cells.length > 0 && (bytes >= LIMITS.cacheBytes || (await isDeviceFull(ctx)));
}

/**
 * Whether there is room for more of a cell. A copy at its limit lets go of the cells that matter
 * less, the oldest places first: `wanted` is in the order in which buckets help.
 */
export async function makeRoom(ctx: SyncContext, wanted: readonly string[], next: string): Promise<boolean> {
  if (await isDeviceFull(ctx)) return false;
  const held = await heldCells(ctx);
  let { bytes } = held;
  const ranks = new Map(wanted.map((id, index) => [id, index]));
  const rank = (id: string) => ranks.get(id) ?? Infinity;
  const lesser = held.cells
    .filter((row) => rank(row.id) > rank(next))
    .sort((a, b) => rank(b.id) - rank(a.id));
  for (const row of lesser) {
    if (bytes < LIMITS.cacheBytes) break;
    await dropBucket(ctx.cache, row.id);
    bytes -= row.weight ?? 0;
  }
  return bytes < LIMITS.cacheBytes;
}

async function heldCells({ cache }: SyncContext): Promise<{ cells: BucketRow[]; bytes: number }> {
  const cells = await cache.buckets.where('id').startsWith('c:').toArray();
  return { cells, bytes: cells.reduce((sum, row) => sum + (row.weight ?? 0), 0) };
}

/** What little room is left is for captures and their photos, not for what can be pulled again. */
async function isDeviceFull(ctx: SyncContext): Promise<boolean> {
  if (await wasFullToday(ctx)) return true;
  const free = (await ctx.freeBytes?.()) ?? null;
  return free !== null && free < LIMITS.freeBytesFloor;
}

/** Whether the device was found full within a day: until then the neighbourhood is not pulled again. */
async function wasFullToday({ cache, now }: SyncContext): Promise<boolean> {
  const at = await trimmedAt(cache);
  return at !== null && Math.abs(now().getTime() - Date.parse(at)) < LIMITS.fullForMs;
}
