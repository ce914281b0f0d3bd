import { createRxDatabase, type RxCollection, type RxJsonSchema } from 'rxdb/plugins/core';
import { replicateRxCollection, type RxReplicationState } from 'rxdb/plugins/replication';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';

import { signInWithPassword } from '../../../../src/api/auth.ts';
import { createApi } from '../../../../src/api/session.ts';
import type { Geom } from '../../../../src/domain/point.ts';
import { cellsAround } from '../../../../src/domain/geo/quadkey.ts';
import { captureOf, MIDDLE, THEMES } from '../records.ts';
import { present } from './page.ts';
import type { Party, PartyConfig } from './party.ts';

/** A point as RxDB keeps it: ours, with the latitude that the map asks for in an index as we have one. */
interface PointDoc {
  id: string;
  theme: string;
  lat: number;
  geom: Geom;
  [field: string]: unknown;
}

interface Checkpoint {
  epochs: object;
  buckets: { id: string; cursor?: string }[];
}

const SCHEMA: RxJsonSchema<PointDoc> = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 36 },
    theme: { type: 'string', maxLength: 40 },
    lat: { type: 'number', minimum: -90, maximum: 90, multipleOf: 0.0000001 },
    geom: { type: 'object' },
  },
  required: ['id', 'theme', 'lat', 'geom'],
  indexes: [['theme', 'lat']],
};

/** What RxDB's replication asks for at once when nothing is said. */
const BATCH = 100;
/** What our contract takes in one push. */
const PUSH_AT_ONCE = 50;

/** RxDB over Dexie, its replication plugin calling our own RPCs. */
class Rx implements Party {
  #points: RxCollection<PointDoc> | undefined;
  #call: (name: string, p: object) => Promise<Record<string, unknown>> = () => Promise.reject(new Error());
  #retryTime = 5_000;

  get #collection(): RxCollection<PointDoc> {
    if (!this.#points) throw new Error('not open');
    return this.#points;
  }

  async open({ url, publishableKey, email, password, isPersistent }: PartyConfig): Promise<void> {
    const api = createApi({ url, publishableKey, hasUser: () => true });
    await signInWithPassword(api, email, password);
    const { data } = await (await api.supabase()).auth.getSession();
    const headers = {
      apikey: publishableKey,
      authorization: `Bearer ${data.session?.access_token}`,
      'content-type': 'application/json',
    };
    this.#call = async (name, p) => {
      const body = JSON.stringify({ p });
      const answer = await fetch(`${url}/rest/v1/rpc/${name}`, { method: 'POST', headers, body });
      if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
      return (await answer.json()) as Record<string, unknown>;
    };
    if (isPersistent) this.#retryTime = 20;
    const database = await createRxDatabase({
      name: 'points',
      storage: getRxStorageDexie(),
      multiInstance: false,
    });
    const collections = await database.addCollections({ points: { schema: SCHEMA } });
    this.#points = collections.points as unknown as RxCollection<PointDoc>;
  }

  async stock(run: number, from: number, to: number): Promise<void> {
    const docs = Array.from({ length: to - from }, (_, index) => docOf(run, from + index));
    await this.#collection.bulkInsert(docs);
  }

  async save(run: number, n: number): Promise<void> {
    await this.#collection.insert(docOf(run, n));
  }

  push(): Promise<void> {
    return this.#whole(
      replicateRxCollection<PointDoc, Checkpoint>({
        ...this.#common(),
        push: {
          batchSize: BATCH,
          handler: async (rows) => {
            const docs = rows.map((row) => row.newDocumentState);
            const calls: Promise<unknown>[] = [];
            for (let from = 0; from < docs.length; from += PUSH_AT_ONCE) {
              calls.push(this.#send(docs.slice(from, from + PUSH_AT_ONCE)));
            }
            await Promise.all(calls);
            return [];
          },
        },
      }),
    );
  }

  pull(): Promise<void> {
    return this.#whole(
      replicateRxCollection<PointDoc, Checkpoint>({
        ...this.#common(),
        pull: { batchSize: BATCH, handler: (last, limit) => this.#fetch(last, limit) },
      }),
    );
  }

  #common() {
    return {
      collection: this.#collection,
      replicationIdentifier: 'capitelle',
      live: false,
      waitForLeadership: false,
      retryTime: this.#retryTime,
    };
  }

  async #whole(replication: RxReplicationState<PointDoc, Checkpoint>): Promise<void> {
    const failure = new Promise<never>((_, reject) => {
      if (this.#retryTime > 1_000) replication.error$.subscribe(reject);
    });
    await Promise.race([replication.awaitInitialReplication(), failure]);
    await replication.cancel();
  }

  async #send(docs: readonly PointDoc[]): Promise<void> {
    const mutations = docs.map(({ id, theme, mutation_id, captured_at, geom, attributes }) => {
      const answers = Object.entries(attributes as object).map(([key, value]) => [
        `attributes.${key}`,
        value,
      ]);
      const patch = { geom, ...(Object.fromEntries(answers) as object) };
      return { mutation_id, v: 1, kind: 'create', point_id: id, theme, captured_at, patch };
    });
    const sender = { device_id: 'rxdb', client: { name: 'rxdb', version: '1.0.0' } };
    const { results } = await this.#call('sync_push', { ...sender, mutations });
    const refused = (results as { status: string; code?: string }[]).find((one) => one.status !== 'applied');
    if (refused) throw new Error(`${refused.status} ${refused.code}`);
  }

  async #fetch(last: Checkpoint | undefined, limit: number) {
    const cells = THEMES.flatMap((theme) => cellsAround(MIDDLE).map((cell) => `c:${theme}:${cell}`));
    const buckets = last?.buckets ?? ['u:me', ...cells].map((id) => ({ id }));
    const answer = (await this.#call('sync_pull', { ...last?.epochs, buckets, limit })) as {
      epoch: string;
      visibility_epoch: number;
      changed: PointDoc[];
      next: { id: string; cursor: string | null }[];
    };
    const documents = answer.changed.map((point) => ({ ...point, lat: point.geom.lat, _deleted: false }));
    const { epoch, visibility_epoch } = answer;
    // A bucket not reached yet has no cursor: its first page is still to come.
    const next = answer.next.map(({ id, cursor }) => ({ id, ...(cursor === null ? {} : { cursor }) }));
    return { documents, checkpoint: { epochs: { epoch, visibility_epoch }, buckets: next } };
  }

  /** It keeps no list that can be read: a push that resolved has sent everything. */
  waiting(): Promise<number> {
    return Promise.resolve(0);
  }

  async isMapUsable(): Promise<boolean> {
    return (await this.#collection.findOne().exec()) !== null;
  }

  held(): Promise<number> {
    return this.#collection.count().exec();
  }
}

function docOf(run: number, n: number): PointDoc {
  const record = captureOf(run, n);
  return { ...record, lat: record.geom.lat };
}

present(new Rx());
