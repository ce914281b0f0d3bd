import { knownEpoch } from '../../../src/db/meta.ts';
import { type Json, jsonEquals } from '../../../src/domain/json.ts';
import { pointSchema } from '../../../src/domain/point.ts';
import { Phone } from '../../support/phone.ts';
import { checkOnce, checkWrite } from '../invariants.ts';
import { visibleIn } from '../server-read.ts';
import { Server } from '../server.ts';
import { CELLS, placeIn, type Save, type User } from '../state.ts';
import { Cast, type Extent, Hand, type Said } from './cast.ts';
import { bucketHere, pointThere, Wire } from './wire.ts';

const SCOPES: Record<Extent, readonly string[]> = { everywhere: CELLS, here: ['1', '2'], nowhere: [] };
const USERS: readonly User[] = ['ann', 'ann', 'mod'];

/** The same cast before the model's server: quick, and it can be backed up and put back. */
export class ModelCast extends Cast {
  readonly server = new Server(null);
  readonly wire = new Wire(this.server);
  readonly places = CELLS.map((cell) => placeIn(Number(cell)));
  readonly fetch: typeof fetch = (...request) => this.wire.fetch(...request);

  constructor() {
    super();
    this.server.setScope('mod', CELLS);
    this.server.backUp();
    this.hands = USERS.map((user) => {
      const phone = new Phone({ url: 'http://model.test', publishableKey: 'sb_publishable_model' }, user);
      phone.session.set('capitelle-auth', JSON.stringify(sessionOf(user)));
      return new Hand(this, phone);
    });
  }

  setTerritories(extent: Extent): Promise<void> {
    this.isReassigned = extent !== 'everywhere';
    this.server.setScope('mod', SCOPES[extent]);
    return Promise.resolve();
  }

  backUp(): void {
    this.server.backUp();
  }

  restore(): void {
    this.server.restore();
  }

  /** I1, I2, I3, I4, I12, I15, at every instant. Throws when one does not hold. */
  async check(): Promise<void> {
    const saves = new Map([...this.said].map(([id, said]) => [id, saveOf(this, said)]));
    checkOnce({ server: this.server, saves });
    for (const write of this.server.tables.writes.splice(0)) checkWrite({ saves }, write);
    for (const said of this.said.values()) await this.#mustBeSomewhere(said);
    for (const hand of this.hands) await this.#mustKeepBytes(hand);
  }

  async #mustBeSomewhere({ id, hand, isDiscarded }: Said): Promise<void> {
    if (isDiscarded || this.server.tables.receipts.has(id)) return;
    const { precious, userId } = hand.phone.ctx;
    if ((await precious.outbox.where('mutation_id').equals(id).count()) > 0) return;
    const isToBeAsked = (await knownEpoch(precious, userId)) !== String(this.server.epoch);
    if (isToBeAsked && (await precious.sent.get(id))) return;
    throw new Error(`I1: ${id} is nowhere`);
  }

  async #mustKeepBytes({ phone }: Hand): Promise<void> {
    const { precious } = phone.ctx;
    const bytes = new Set(await precious.photo_bytes.toCollection().primaryKeys());
    for (const id of await precious.photos.toCollection().primaryKeys()) {
      if (bytes.has(id) || this.discardedPhotos.has(id) || this.server.storedPhotos.has(id)) continue;
      throw new Error(`I12: the bytes of ${id} are nowhere`);
    }
  }

  /** Ends: nothing of it stays in memory. */
  async close(): Promise<void> {
    for (const { phone } of this.hands) {
      await phone.ctx.precious.delete();
      await phone.ctx.cache.delete();
    }
  }

  /** I5, I8: what a phone still lacks; nothing at rest. */
  async difference({ phone }: Hand): Promise<string[]> {
    const { precious, cache, userId } = phone.ctx;
    const outbox = await precious.outbox.toArray();
    const held = new Set(
      outbox.filter((row) => row.kind === 'create' && row.state !== 'queued').map((row) => row.point_id),
    );
    const late = outbox.filter((row) => row.state === 'queued' && !held.has(row.point_id));
    const faults = late.map((row) => `I5: ${row.mutation_id} (${row.kind}) has not left`);
    for (const row of outbox) {
      if (row.last_problem?.code === 'payload_mismatch')
        faults.push(`I16: ${row.mutation_id} was sent otherwise`);
    }
    const buckets = await cache.buckets.toArray();
    for (const row of buckets) if (!row.cursor) faults.push(`I5: ${row.id} is not complete`);
    const expected = visibleIn(
      this.server,
      userId as User,
      buckets.map((row) => bucketHere(row.id)),
    );
    for (const { id, point } of await cache.points.toArray()) {
      const row = expected.get(id);
      const there = row && (pointSchema.parse(pointThere(row)) as unknown as Json);
      if (!there) faults.push(`I8: ${id} should have left the copy`);
      else if (!jsonEquals(point as unknown as Json, there)) faults.push(`I5: ${id} is out of date`);
      expected.delete(id);
    }
    for (const id of expected.keys()) faults.push(`I5: ${id} never came`);
    return faults;
  }
}

function saveOf(cast: Cast, { id, hand, pointId, saw, isDiscarded, order }: Said): Save {
  const device = cast.hands.indexOf(hand);
  return { id, user: USERS[device] ?? 'ann', device, point: pointId, order, saw, wrote: {}, isDiscarded };
}

/** A session that lasts as long as the test: the token is the name. */
function sessionOf(user: User): object {
  const expires_at = Math.floor(Date.now() / 1000) + 864_000;
  return {
    access_token: user,
    refresh_token: user,
    token_type: 'bearer',
    expires_in: 864_000,
    expires_at,
    user: { id: user },
  };
}
