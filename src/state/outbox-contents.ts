import type { Cache } from '../db/cache.ts';
import { clockSkewMs } from '../db/clock.ts';
import { outboxOf, sentOf } from '../db/outbox.ts';
import { photosToSend } from '../db/photos.ts';
import type { Precious } from '../db/precious.ts';
import { isReconcileAsked, lastReconciled, type Reconciled } from '../db/reconciled.ts';
import type { OutboxRow, PhotoRow, SentRow } from '../db/rows.ts';
import { LIMITS } from '../domain/limits.ts';
import type { Point } from '../domain/point.ts';
import { myPoints } from '../sync/overlay.ts';

/** All that the outbox shows, read at once. */
export interface OutboxContents {
  readonly rows: readonly OutboxRow[];
  readonly photos: readonly PhotoRow[];
  readonly refusedPhotos: readonly PhotoRow[];
  readonly sent: readonly SentRow[];
  readonly points: ReadonlyMap<string, Point>;
  /** The last comparison with the server, and whether another one was asked for. */
  readonly compared: Reconciled | null;
  readonly isCompareAsked: boolean;
  /** Milliseconds by which this device's clock is ahead of the server's. */
  readonly skewMs: number;
}

export const NOTHING: OutboxContents = {
  rows: [],
  photos: [],
  refusedPhotos: [],
  sent: [],
  points: new Map(),
  compared: null,
  isCompareAsked: false,
  skewMs: 0,
};

/** Reads a user's outbox, receipts and photos, with the points they are about as they show. */
export async function readContents(
  precious: Precious,
  cache: Cache,
  userId: string | null,
): Promise<OutboxContents> {
  if (userId === null) return NOTHING;
  const stores = { precious, cache, userId };
  const [rows, photos, refusedPhotos, sent, shown, compared, isCompareAsked, skewMs] = await Promise.all([
    outboxOf(precious, userId),
    photosToSend(precious, userId),
    precious.photos.where('[user_id+state]').equals([userId, 'refused']).toArray(),
    sentOf(precious, userId, LIMITS.receiptsRead),
    myPoints(stores),
    lastReconciled(cache),
    isReconcileAsked(cache),
    clockSkewMs(cache),
  ]);
  const points = new Map(shown.map(({ point }) => [point.id, point]));
  const missing = sent.map((row) => row.point_id).filter((id) => !points.has(id));
  for (const known of await cache.points.bulkGet([...new Set(missing)])) {
    if (known) points.set(known.id, known.point);
  }
  return { rows, photos, refusedPhotos, sent, points, compared, isCompareAsked, skewMs };
}
