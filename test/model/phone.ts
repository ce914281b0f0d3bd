import type { BucketRow, CachedPoint, OutboxRow, SentRow } from '../../src/db/rows.ts';
import { applyMutation } from '../../src/domain/commands/apply.ts';
import type { Point } from '../../src/domain/point.ts';
import type { ModelPhoto, User } from './state.ts';

/** What is on a phone's disk. What is in memory dies with its tabs. */
export class Phone {
  readonly index: number;
  readonly user: User;
  // precious
  outbox: OutboxRow[] = [];
  nextN = 1;
  readonly sent = new Map<string, SentRow>();
  readonly photos = new Map<string, ModelPhoto>();
  readonly photoBytes = new Set<string>();
  knownEpoch: string | null = null;
  photosEpoch: string | null = null;
  isModerator: boolean | null = null;
  // cache
  readonly points = new Map<string, CachedPoint>();
  readonly buckets = new Map<string, BucketRow>();
  readonly seen = new Map<string, Set<string>>();
  epochs: { epoch?: string; visibility?: string | number } = {};
  /** Milliseconds by which its clock is wrong. */
  clockError = 0;

  constructor(index: number, user: User) {
    this.index = index;
    this.user = user;
  }

  queuedOf(pointId: string): OutboxRow[] {
    return this.outbox.filter((row) => row.point_id === pointId && row.state === 'queued');
  }

  row(mutationId: string): OutboxRow | undefined {
    return this.outbox.find((row) => row.mutation_id === mutationId);
  }

  change(mutationId: string, changes: Partial<OutboxRow>): void {
    this.outbox = this.outbox.map((row) => (row.mutation_id === mutationId ? { ...row, ...changes } : row));
  }

  forget(mutationId: string): void {
    this.outbox = this.outbox.filter((row) => row.mutation_id !== mutationId);
  }

  /** Rows in local order. */
  ordered(): OutboxRow[] {
    return [...this.outbox].sort((a, b) => (a.n ?? 0) - (b.n ?? 0));
  }

  /** A point as the screen shows it: the server's row under what waits here. */
  shown(pointId: string): Point | null {
    const row = this.points.get(pointId)?.point ?? null;
    const doer = { userId: this.user, isModerator: this.isModerator ?? false };
    const queued = this.ordered().filter((one) => one.point_id === pointId && one.state === 'queued');
    return queued.reduce((point, one) => applyMutation(point, one.mutation, doer), row);
  }

  /** Ids that a screen may show, in a stable order. */
  shownIds(): string[] {
    return [...new Set([...this.points.keys(), ...this.outbox.map((row) => row.point_id)])].sort();
  }
}
