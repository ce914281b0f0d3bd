import type { Point } from '../../src/domain/point.ts';
import { isPublicStatus } from '../../src/domain/public-status.ts';
import type { Phone } from './phone.ts';
import { cellBucket } from './state.ts';

// src/db/points.ts without its database.

function bucketsOf(point: Point): string[] {
  const isMine = point.mine || point.involved || point.pending.some((one) => one.mine);
  const isPublic = isPublicStatus(point.status) && point.cell != null;
  return [
    ...(isMine ? ['u:me'] : []),
    ...(point.waiting?.length ? ['m:me'] : []),
    ...(isPublic ? [cellBucket(point.cell ?? '')] : []),
  ];
}

export function followedNow(phone: Phone): Set<string> {
  return new Set(['u:me', ...phone.buckets.keys()]);
}

/** Writes rows that the server gave; an older delta changes nothing, a snapshot always wins. */
export function putPoints(
  phone: Phone,
  points: readonly Point[],
  followed: ReadonlySet<string>,
  isSnapshot = false,
): void {
  for (const given of points) {
    const before = phone.points.get(given.id)?.point;
    const point = before && !isSnapshot && before.v > given.v ? before : given;
    const held = bucketsOf(point).filter((bucket) => followed.has(bucket));
    const { lat, lon } = point.geom;
    if (held.length > 0)
      phone.points.set(point.id, { id: point.id, theme: point.theme, lat, lon, held, point });
    else phone.points.delete(point.id);
  }
}

/** A bucket lets points go; those that no other bucket holds leave. */
export function releasePoints(
  phone: Phone,
  bucket: string,
  isKept: (id: string) => boolean = () => false,
): void {
  for (const row of [...phone.points.values()]) {
    if (!row.held.includes(bucket) || isKept(row.id)) continue;
    const held = row.held.filter((one) => one !== bucket);
    if (held.length === 0) phone.points.delete(row.id);
    else phone.points.set(row.id, { ...row, held });
  }
}
