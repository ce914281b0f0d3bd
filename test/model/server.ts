import { isPublicStatus } from '../../src/domain/public-status.ts';
import type { Mutant } from './mutants.ts';
import {
  type Change,
  cellBucket,
  cellOf,
  type Receipt,
  type StoredPoint,
  type User,
  USERS,
  type Write,
} from './state.ts';

/** Everything that a backup of the server holds. */
interface Tables {
  points: Map<string, StoredPoint>;
  receipts: Map<string, Receipt>;
  changes: Map<string, Change>;
  /** How many times each mutation had an effect, and the values it changed: what the oracle reads. */
  effects: Map<string, number>;
  writes: Write[];
  /** Effects of each device on each point, in order. */
  applied: Map<string, string[]>;
}

/** The server: its tables, its transactions under way, what each person may see. */
export class Server {
  tables: Tables = {
    points: new Map(),
    receipts: new Map(),
    changes: new Map(),
    effects: new Map(),
    writes: [],
    applied: new Map(),
  };
  epoch = 1;
  /** Objects of the photo bucket, which a restored database does not take away. */
  readonly objects = new Set<string>();
  /** Photos that were recorded once, in this life or another. */
  readonly storedPhotos = new Set<string>();
  readonly open = new Set<Transaction>();
  /** Cells in which each person moderates. */
  readonly scopes = new Map<User, readonly string[]>(USERS.map((user) => [user, []]));
  readonly visibility = new Map<User, number>(USERS.map((user) => [user, 1]));
  readonly mutant: Mutant | null;
  nextXid = 1;
  nextSeq = 1;
  #backup: Tables | null = null;

  constructor(mutant: Mutant | null) {
    this.mutant = mutant;
  }

  /** Every transaction before this one has ended. */
  get horizon(): number {
    let oldest = this.nextXid;
    for (const { xid } of this.open) oldest = Math.min(oldest, xid);
    return oldest;
  }

  setScope(user: User, cells: readonly string[]): void {
    this.scopes.set(user, cells);
    this.visibility.set(user, (this.visibility.get(user) ?? 0) + 1);
  }

  backUp(): void {
    this.#backup = copyOf(this.tables);
  }

  /** Puts the backup back, in another life: transactions under way are lost. */
  restore(): void {
    if (!this.#backup) return;
    for (const transaction of [...this.open]) transaction.abort();
    this.tables = copyOf(this.#backup);
    this.epoch += 1;
  }

  moderates(user: User, point: StoredPoint): boolean {
    return (this.scopes.get(user) ?? []).includes(cellOf(point.content.geom));
  }

  isInsider(point: StoredPoint, user: User): boolean {
    const isOpenToModerators = point.status !== 'draft' && point.status !== 'withdrawn';
    return point.author === user || (isOpenToModerators && this.moderates(user, point));
  }

  canSee(point: StoredPoint, user: User): boolean {
    return isPublic(point) || this.isInsider(point, user);
  }
}

function copyOf(tables: Tables): Tables {
  return {
    points: new Map(tables.points),
    receipts: new Map(tables.receipts),
    changes: new Map(tables.changes),
    effects: new Map(tables.effects),
    writes: [...tables.writes],
    applied: new Map([...tables.applied].map(([key, list]) => [key, [...list]])),
  };
}

export function isPublic(point: StoredPoint): boolean {
  return isPublicStatus(point.status) && point.content.sensitivity !== 'hidden';
}

/** Whether something of the point waits for a moderator. */
export function isWaiting(point: StoredPoint): boolean {
  if (point.status === 'submitted') return true;
  if (point.revisions.some((one) => one.state === 'pending')) return true;
  return point.status === 'published' && point.photos.length > 0;
}

/** Whoever made the point or gave something to it. */
export function involved(point: StoredPoint): Set<User> {
  const gave = [...point.revisions, ...point.photos, ...point.conflicts].map((one) => one.user);
  return new Set([point.author, ...gave]);
}

const publicBucket = (point: StoredPoint) => cellBucket(cellOf(point.content.geom));
const moderationBucket = (point: StoredPoint) => `m:${cellOf(point.content.geom)}`;

/** A transaction: it sees its own writes, holds its points, and shows nothing before it commits. */
export class Transaction {
  readonly xid: number;
  readonly #server: Server;
  readonly #points = new Map<string, StoredPoint>();
  readonly #receipts = new Map<string, Receipt>();
  readonly #changes = new Map<string, Change>();
  readonly #writes: Write[] = [];
  readonly #effects: { mutation: string; lane: string }[] = [];

  constructor(server: Server) {
    this.#server = server;
    this.xid = server.nextXid++;
    server.open.add(this);
  }

  holds(id: string): boolean {
    return this.#points.has(id);
  }

  point(id: string): StoredPoint | undefined {
    return this.#points.get(id) ?? this.#server.tables.points.get(id);
  }

  receipt(id: string): Receipt | undefined {
    return this.#receipts.get(id) ?? this.#server.tables.receipts.get(id);
  }

  keepReceipt(id: string, receipt: Receipt): void {
    this.#receipts.set(id, receipt);
  }

  /** Tells the oracle that a mutation had an effect, and what it changed. */
  note(mutation: string, lane: string, writes: readonly Write[]): void {
    this.#effects.push({ mutation, lane });
    this.#writes.push(...writes);
  }

  /** The one place that writes a point: counts `rev` and `v`, announces it (SQL: save_point, touch_point). */
  save(was: StoredPoint | null, next: StoredPoint): StoredPoint {
    const isNewContent = !was || was.status !== next.status || was.content !== next.content;
    const saved = {
      ...next,
      rev: was ? was.rev + (isNewContent ? 1 : 0) : 1,
      v: was ? was.v + 1 : 1,
    };
    this.#points.set(saved.id, saved);
    this.#announce(was, saved);
    return saved;
  }

  #announce(was: StoredPoint | null, point: StoredPoint): void {
    for (const user of involved(point)) this.#stamp(`u:${user}`, point);
    if (isPublic(point)) this.#stamp(publicBucket(point), point);
    if (isWaiting(point)) this.#stamp(moderationBucket(point), point);
    // Elsewhere it is announced only where it was: a stranger learns nothing of what never was public.
    for (const state of was ? [was, point] : []) {
      this.#stampAgain(publicBucket(state), point);
      this.#stampAgain(moderationBucket(state), point);
    }
  }

  #stamp(bucket: string, { id, v }: StoredPoint): void {
    const change = { bucket, point: id, xid: this.xid, seq: this.#server.nextSeq++, v };
    this.#changes.set(`${bucket}|${id}`, change);
  }

  #stampAgain(bucket: string, point: StoredPoint): void {
    const key = `${bucket}|${point.id}`;
    if (this.#changes.has(key) || this.#server.tables.changes.has(key)) this.#stamp(bucket, point);
  }

  /** Returns whether it took place: a server that was stopped has lost it. */
  commit(): boolean {
    if (!this.#server.open.delete(this)) return false;
    const { tables } = this.#server;
    for (const [id, point] of this.#points) {
      tables.points.set(id, point);
      for (const photo of point.photos) this.#server.storedPhotos.add(photo.id);
    }
    for (const [id, receipt] of this.#receipts) tables.receipts.set(id, receipt);
    for (const [key, change] of this.#changes) tables.changes.set(key, change);
    tables.writes.push(...this.#writes);
    for (const { mutation, lane } of this.#effects) {
      tables.effects.set(mutation, (tables.effects.get(mutation) ?? 0) + 1);
      tables.applied.set(lane, [...(tables.applied.get(lane) ?? []), mutation]);
    }
    return true;
  }

  abort(): void {
    this.#server.open.delete(this);
  }
}
