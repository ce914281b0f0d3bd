import type { PullQuery } from '../../../src/api/pull.ts';
import { digestOf } from '../../../src/domain/digest.ts';
import { cellOf as quadkeyOf } from '../../../src/domain/geo/quadkey.ts';
import type { Point } from '../../../src/domain/point.ts';
import { commitPhoto } from '../server-photos.ts';
import { beginPush } from '../server-push.ts';
import { pull, snapshot, visibleIn } from '../server-read.ts';
import type { Server } from '../server.ts';
import { cellBucket, CELLS, placeIn, type User } from '../state.ts';

interface Body {
  readonly p?: Record<string, unknown>;
  readonly [key: string]: unknown;
}
interface PushBody {
  readonly device_id: string;
  readonly mutations: object[];
  readonly epoch?: string | null;
}
type Answer = [status: number, body: unknown];

const QUADKEYS = new Map(CELLS.map((cell) => [quadkeyOf(placeIn(Number(cell))), cell]));
const quadkeys = new Map([...QUADKEYS].map(([quadkey, cell]) => [cell, quadkey]));

/** Our cells are named otherwise; one where nothing ever is has no name here. */
export const bucketHere = (id: string): string => {
  if (!id.startsWith('c:')) return id;
  return cellBucket(QUADKEYS.get(id.split(':')[2] ?? '') ?? 'empty');
};
/** A row as the wire carries it. */
export const pointThere = (point: Point): Point => ({
  ...point,
  cell: point.cell ? (quadkeys.get(point.cell) ?? null) : null,
});

/** The model's server behind the wire of contract §3, for the real engine. */
export class Wire {
  readonly #server: Server;
  readonly #devices: string[] = [];
  /** Milliseconds that the next transactions take to commit, in turn. */
  commitMs: readonly number[] = [0];
  #committed = 0;

  constructor(server: Server) {
    this.#server = server;
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    const user = new Headers(init?.headers).get('authorization')?.replace('Bearer ', '') as User;
    if (pathname.includes('/storage/v1/object/')) return respond(this.#upload(pathname));
    const body = JSON.parse(String(init?.body)) as Body;
    const name = pathname.split('/').at(-1) ?? '';
    return respond(await this.#answer(name, user, body));
  };

  async #answer(name: string, user: User, body: Body): Promise<Answer> {
    const { p = {} } = body;
    switch (name) {
      case 'me':
        return [200, this.#me(user)];
      case 'sync_push':
        return this.#push(user, p as unknown as PushBody);
      case 'sync_pull':
        return [200, this.#pull(user, p as never)];
      case 'sync_snapshot':
        return [200, this.#snapshot(user, p as never)];
      case 'sync_receipts': {
        const ids = p['mutation_ids'] as string[];
        const unknown = ids.filter((id) => !this.#server.tables.receipts.has(id));
        return [200, { epoch: String(this.#server.epoch), user_id: user, unknown }];
      }
      case 'sync_digest':
        return [200, this.#digests(user, p['buckets'] as string[])];
      case 'sync_ids':
        return [200, this.#ids(user, p as never)];
      case 'photo_commit':
        return this.#commit(user, body as never);
      default:
        return [404, { message: 'point_not_found' }];
    }
  }

  #me(user: User): object {
    const territories = this.#server.scopes.get(user) ?? [];
    const memberships = territories.length ? [{ group: 'heritage', role: 'moderator', territories }] : [];
    const charter = { accepted: 1, current: 1 };
    return { user_id: user, display_name: null, named: false, charter, memberships, trust: {}, counts: {} };
  }

  async #push(user: User, { device_id, mutations, epoch: asked = null }: PushBody): Promise<Answer> {
    if (!this.#devices.includes(device_id)) this.#devices.push(device_id);
    const texts = mutations.map((one) => JSON.stringify(one));
    const { tx, results } = beginPush(this.#server, {
      user,
      device: this.#devices.indexOf(device_id),
      texts,
      epoch: asked,
    });
    const epoch = String(this.#server.epoch);
    const wait = this.commitMs[this.#committed++ % this.commitMs.length] ?? 0;
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    if (!tx.commit()) return [500, { message: 'the server was stopped' }];
    const told = results.map((one) => ({ ...one, point: one.point ? pointThere(one.point) : null }));
    return [200, { epoch, user_id: user, results: told }];
  }

  #pull(user: User, asked: PullQuery) {
    const names = new Map(asked.buckets.map(({ id }) => [bucketHere(id), id]));
    // Of a cell without a name, and of the words, there never is any news.
    const isQuiet = (id: string) => id === 't' || bucketHere(id) === cellBucket('empty');
    const buckets = asked.buckets
      .filter(({ id }) => !isQuiet(id))
      .map(({ id, cursor }) => ({ id: bucketHere(id), ...(cursor === undefined ? {} : { cursor }) }));
    const { epoch, visibility_epoch: visibility } = asked;
    const known = {
      ...(epoch === undefined ? {} : { epoch }),
      ...(visibility === undefined ? {} : { visibility }),
    };
    const limit = Math.min(asked.limit ?? PAGE, PAGE);
    const answer = pull(this.#server, { user, ...known, buckets, limit });
    const isVoid = this.#isOther(user, known);
    const quiet = asked.buckets.filter(({ id }) => isQuiet(id));
    return {
      ...answer,
      changed: answer.changed.map(pointThere),
      next: [
        ...answer.next.map((one) => ({ ...one, id: names.get(one.id) })),
        ...(isVoid ? [] : quiet.map(({ id, cursor = '0' }) => ({ id, cursor, more: false }))),
      ],
      resync: isVoid ? asked.buckets.map((one) => one.id) : [],
    };
  }

  #isOther(user: User, { epoch, visibility }: { epoch?: string; visibility?: string | number }): boolean {
    const isOtherLife = epoch !== undefined && epoch !== String(this.#server.epoch);
    return isOtherLife || (visibility !== undefined && visibility !== this.#server.visibility.get(user));
  }

  /** Ids and row counters of a bucket, in order. */
  #versions(user: User, bucket: string): { id: string; v: number }[] {
    const rows = visibleIn(this.#server, user, [bucketHere(bucket)]).values();
    return [...rows].map(({ id, v }) => ({ id, v })).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  #digests(user: User, buckets: readonly string[]) {
    const digests = buckets.map((id) => ({ id, ...digestOf(this.#versions(user, id)) }));
    return { epoch: String(this.#server.epoch), user_id: user, digests };
  }

  #ids(user: User, { bucket, after = '' }: { bucket: string; after?: string }) {
    const rows = this.#versions(user, bucket).filter(({ id }) => id > after);
    const ids = rows.slice(0, PAGE).map(({ id, v }) => [id, v]);
    const next = rows.length > PAGE ? rows[PAGE - 1]?.id : null;
    return { epoch: String(this.#server.epoch), user_id: user, ids, next };
  }

  #snapshot(user: User, asked: { bucket: string; after?: string; horizon?: string; limit: number }) {
    const { bucket, after = null, horizon = null, limit } = asked;
    const query = { user, bucket: bucketHere(bucket), after, horizon, limit: Math.min(limit, PAGE) };
    const answer = snapshot(this.#server, query);
    return { ...answer, points: answer.points.map(pointThere) };
  }

  #upload(pathname: string): Answer {
    const photo = /([^/]+)-[0-9a-f]{16}\.jpg$/.exec(pathname)?.[1];
    if (photo === undefined) return [200, { Key: pathname }];
    if (this.#server.objects.has(photo)) {
      return [409, { statusCode: '409', error: 'Duplicate', message: 'The resource already exists' }];
    }
    this.#server.objects.add(photo);
    return [200, { Key: pathname }];
  }

  #commit(user: User, { photo_id, point_id }: { photo_id: string; point_id: string }): Answer {
    const photo = { id: photo_id, point_id, state: 'local', attempts: 0, not_before: 0 } as const;
    const { answer, tx } = commitPhoto(this.#server, user, photo);
    tx?.commit();
    return answer.status === 'busy' ? [500, {}] : [200, answer];
  }
}

/** Rows of a page: few, so that there are many. */
const PAGE = 3;

function respond([status, body]: Answer): Response {
  return Response.json(body, { status });
}
