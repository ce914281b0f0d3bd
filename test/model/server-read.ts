import type { PullAnswer, SnapshotAnswer } from '../../src/api/pull.ts';
import type { Point } from '../../src/domain/point.ts';
import { involved, isPublic, isWaiting, type Server } from './server.ts';
import { BLANK_ROW, cellBucket, cellOf, type Change, type StoredPoint, type User } from './state.ts';

/** A place in the feed as the wire carries it. The naive one counts rows, whatever their transaction. */
const stampOf = (server: Server, change: Change): number =>
  server.mutant === 'naive_cursor' ? change.seq : change.xid * 1e6 + change.seq;

const horizonOf = (server: Server): number =>
  server.mutant === 'naive_cursor' ? server.nextSeq - 1 : server.horizon * 1e6;

/** The row of a point as somebody sees it (SQL: point_json), null when they may not. */
export function rowFor(server: Server, point: StoredPoint, user: User): Point | null {
  if (!server.canSee(point, user)) return null;
  const isOpenToModerators = point.status !== 'draft' && point.status !== 'withdrawn';
  const isModerator = isOpenToModerators && server.moderates(user, point);
  const isInsider = isModerator || point.author === user;
  return {
    ...BLANK_ROW,
    ...point.content,
    id: point.id,
    rev: point.rev,
    v: point.v,
    status: point.status,
    mine: point.author === user,
    involved: involved(point).has(user),
    cell: isPublic(point) ? cellOf(point.content.geom) : null,
    photos: point.photos
      .filter((photo) => isInsider || photo.user === user)
      .map(({ id }) => ({ id, state: 'pending', width: 1, height: 1 })),
    pending: point.revisions
      .filter((one) => one.state === 'pending' && (isModerator || one.user === user))
      .map((one) => ({ ...one, mine: one.user === user })),
    conflicts: point.conflicts.filter((one) => one.isOpen && (isModerator || one.user === user)),
    ...(isModerator ? { waiting: isWaiting(point) ? ['new'] : [] } : {}),
  };
}

/** Whether a point is a member of somebody's bucket (SQL: bucket_points). */
function isMember(server: Server, point: StoredPoint, bucket: string, user: User): boolean {
  if (bucket === 'u:me') return involved(point).has(user) && server.canSee(point, user);
  if (bucket === 'm:me') {
    const isOpenToModerators = point.status !== 'draft' && point.status !== 'withdrawn';
    return isOpenToModerators && server.moderates(user, point) && isWaiting(point);
  }
  return isPublic(point) && cellBucket(cellOf(point.content.geom)) === bucket;
}

function feedsOf(server: Server, bucket: string, user: User): string[] {
  if (bucket === 'u:me') return [`u:${user}`];
  if (bucket === 'm:me') return (server.scopes.get(user) ?? []).map((cell) => `m:${cell}`);
  return [bucket];
}

function newsOf(server: Server, bucket: string, user: User, since: number): Change[] {
  const feeds = feedsOf(server, bucket, user);
  const end = server.mutant === 'naive_cursor' ? Infinity : horizonOf(server);
  return [...server.tables.changes.values()]
    .filter((one) => feeds.includes(one.bucket))
    .filter((one) => stampOf(server, one) > since && stampOf(server, one) < end)
    .sort((a, b) => stampOf(server, a) - stampOf(server, b));
}

export interface PullRequest {
  readonly user: User;
  readonly epoch?: string;
  readonly visibility?: string | number;
  /** Without a cursor: from the beginning. */
  readonly buckets: readonly { id: string; cursor?: string }[];
  readonly limit: number;
}

/** What changed in buckets since their cursors (SQL: sync_pull). */
export function pull(server: Server, request: PullRequest): PullAnswer {
  const { user } = request;
  const epoch = String(server.epoch);
  const visibility_epoch = server.visibility.get(user) ?? 1;
  const isOfThisLife = (request.epoch ?? epoch) === epoch;
  const isOfThisView = (request.visibility ?? visibility_epoch) === visibility_epoch;
  const isKnown = isOfThisLife && isOfThisView;
  const seen = new Set<string>();
  const followed = new Set<string>();
  const next = (isKnown ? request.buckets : []).map(({ id, cursor }) => {
    let reached = cursor ?? null;
    for (const change of newsOf(server, id, user, Number(cursor ?? -1))) {
      if (!seen.has(change.point) && seen.size >= request.limit) return { id, cursor: reached, more: true };
      seen.add(change.point);
      if (cursor !== undefined) followed.add(change.point);
      reached = String(stampOf(server, change));
    }
    return { id, cursor: reached ?? String(horizonOf(server)), more: false };
  });
  const changed: Point[] = [];
  const gone: string[] = [];
  for (const id of seen) {
    const point = server.tables.points.get(id);
    const row = point && rowFor(server, point, user);
    if (row) changed.push(row);
    else if (followed.has(id)) gone.push(id);
  }
  const resync = isKnown ? [] : request.buckets.map((one) => one.id);
  return { epoch, visibility_epoch, user_id: user, changed, gone, concepts: [], themes: [], next, resync };
}

export interface SnapshotRequest {
  readonly user: User;
  readonly bucket: string;
  readonly after: string | null;
  readonly horizon: string | null;
  readonly limit: number;
}

/** One page of a whole bucket, by id (SQL: sync_snapshot). */
export function snapshot(server: Server, request: SnapshotRequest): SnapshotAnswer {
  const { user, bucket, after, limit } = request;
  const members = [...server.tables.points.values()]
    .filter((point) => point.id > (after ?? '') && isMember(server, point, bucket, user))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const page = members.slice(0, limit);
  return {
    epoch: String(server.epoch),
    user_id: user,
    horizon: request.horizon ?? String(horizonOf(server)),
    points: page.flatMap((point) => rowFor(server, point, user) ?? []),
    next: members.length > limit ? (page.at(-1)?.id ?? null) : null,
  };
}

/** Points of a bucket that changed before a cursor, with the row counter that a phone must know by then. */
export function toldBefore(
  server: Server,
  user: User,
  { id: bucket, cursor }: { id: string; cursor: string },
): { id: string; v: number }[] {
  const feeds = feedsOf(server, bucket, user);
  const told: { id: string; v: number }[] = [];
  for (const change of server.tables.changes.values()) {
    if (!feeds.includes(change.bucket) || stampOf(server, change) > Number(cursor)) continue;
    const point = server.tables.points.get(change.point);
    if (point && isMember(server, point, bucket, user)) told.push({ id: point.id, v: change.v });
  }
  return told;
}

/** Everything that somebody's phone must hold, given the buckets it follows. */
export function visibleIn(server: Server, user: User, buckets: Iterable<string>): Map<string, Point> {
  const followed = [...buckets];
  const rows = new Map<string, Point>();
  for (const point of server.tables.points.values()) {
    if (!followed.some((bucket) => isMember(server, point, bucket, user))) continue;
    const row = rowFor(server, point, user);
    if (row) rows.set(point.id, row);
  }
  return rows;
}
