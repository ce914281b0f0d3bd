import 'fake-indexeddb/auto';

import { randomBytes } from 'node:crypto';

import { signInWithPassword } from '../../src/api/auth.ts';
import { createApi, type SessionApi } from '../../src/api/session.ts';
import { openCache } from '../../src/db/cache.ts';
import { openPrecious } from '../../src/db/precious.ts';
import { savePhoto } from '../../src/db/photos.ts';
import type { PhotoRow } from '../../src/db/rows.ts';
import { type Draft, makeMutation } from '../../src/domain/commands/make.ts';
import { newPhotoId, newPointId } from '../../src/domain/id.ts';
import type { CreateMutation, Mutation } from '../../src/domain/mutation.ts';
import { type Problem, problemOf } from '../../src/domain/problems.ts';
import { sha256Hex } from '../../src/device/sha256.ts';
import type { SyncContext } from '../../src/sync/context.ts';
import { enqueueMutation, type Enqueued } from '../../src/sync/enqueue.ts';
import { myPoints, type ShownPoint, shownPoint } from '../../src/sync/overlay.ts';
import { runRound } from '../../src/sync/round.ts';
import { PASSWORD, type Reachable } from './accounts.ts';

export const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));

/** What happens to a request instead of going straight: `go` sends it. */
export type Detour = (go: () => Promise<Response>, body: string) => Promise<Response>;

/** A road that can be cut, or bent: what each request goes through. */
export class Network {
  isUp = true;
  readonly requests: string[] = [];
  /** Replaces fetch for requests whose URL contains the key. */
  readonly detours = new Map<string, Detour>();

  readonly #carry: typeof fetch;

  /** Over another road than the machine's own, when told. */
  constructor(carry: typeof fetch = (...request) => fetch(...request)) {
    this.#carry = carry;
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    if (!this.isUp) throw new TypeError('network is down');
    this.requests.push(url);
    const go = () => this.#carry(input, init);
    for (const [part, detour] of this.detours)
      if (url.includes(part)) return detour(go, String(init?.body ?? ''));
    return go();
  };
}

let phones = 0;

/** A phone: the real engine on its own stores, one network, one clock. */
export class Phone {
  network = new Network();
  clock: () => Date = () => new Date();
  ctx: SyncContext & { readonly api: SessionApi };
  #server: Pick<Reachable, 'url' | 'publishableKey'>;
  #name = `phone-${++phones}`;
  /** What the auth library keeps between two launches. */
  readonly session = new Map<string, string>();

  constructor(server: Pick<Reachable, 'url' | 'publishableKey'>, userId: string) {
    this.#server = server;
    this.ctx = this.#boot(userId);
  }

  #boot(userId: string): Phone['ctx'] {
    const session = this.session;
    return {
      precious: openPrecious(`precious-${this.#name}`),
      cache: openCache(userId, `cache-${this.#name}-`),
      api: createApi({
        url: this.#server.url,
        publishableKey: this.#server.publishableKey,
        hasUser: () => true,
        fetch: this.network.fetch,
        storage: {
          getItem: (key) => session.get(key) ?? null,
          setItem: (key, value) => void session.set(key, value),
          removeItem: (key) => void session.delete(key),
        },
      }),
      userId,
      sender: { deviceId: this.#name, version: '1.0.0' },
      now: () => this.clock(),
      chance: () => 0.5,
    };
  }

  /** Kills the app and opens it again, as someone: what is on the disk is all that is left. */
  restart(userId = this.ctx.userId): void {
    this.ctx.precious.close();
    this.ctx.cache.close();
    this.ctx = this.#boot(userId);
  }

  async signIn(email: string): Promise<void> {
    await signInWithPassword(this.ctx.api, email, PASSWORD);
  }

  enqueue(draft: Draft, more: Partial<Enqueued> = {}): Promise<string> {
    const mutation: Mutation = makeMutation(draft, this.clock(), random);
    const { precious, userId } = this.ctx;
    return enqueueMutation(precious, mutation, { userId, now: this.clock(), ...more });
  }

  /** Captures a wash-house. Returns its id. */
  async capture(more: Partial<CreateMutation> = {}, options: Partial<Enqueued> = {}): Promise<string> {
    const id = more.point_id ?? newPointId(this.clock(), random);
    const geom = { lon: 2.5512, lat: 43.3215, accuracy_m: 8, source: 'gps' };
    await this.enqueue(
      {
        kind: 'create',
        point_id: id,
        theme: 'heritage',
        patch: { geom, 'attributes.name': 'Lavoir de la place' },
        ...more,
      },
      options,
    );
    return id;
  }

  /** Takes a photo for a point. */
  async takePhoto(
    pointId: string,
    bytes: ArrayBuffer,
    size: { width: number; height: number },
  ): Promise<PhotoRow> {
    const row: PhotoRow = {
      id: newPhotoId(this.clock(), random),
      point_id: pointId,
      user_id: this.ctx.userId,
      sha256: await sha256Hex(bytes),
      mime: 'image/jpeg',
      size: bytes.byteLength,
      ...size,
      taken_at: this.clock().toISOString(),
      licence: 'CC-BY-SA-4.0',
      caption: null,
      state: 'draft',
      attempts: 0,
      last_problem: null,
      not_before: 0,
    };
    await savePhoto(this.ctx.precious, row, bytes, bytes.slice(0));
    return row;
  }

  /** One round, as the runner does them. Returns what stopped it. */
  sync(): Promise<Problem | null> {
    return runRound(this.ctx, new AbortController().signal, () => undefined).catch(problemOf);
  }

  shown(id: string): Promise<ShownPoint | null> {
    return shownPoint(this.ctx, id);
  }

  mine(): Promise<ShownPoint[]> {
    return myPoints(this.ctx);
  }
}
