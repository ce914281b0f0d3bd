import { makeModerator } from '../../support/accounts.ts';
import { type Crowd, gather } from '../../support/crowd.ts';
import { Cast, type Extent, Hand } from './cast.ts';

const TERRITORIES: Record<Extent, readonly string[]> = { everywhere: ['*'], here: ['11'], nowhere: [] };

/** A contributor with two phones, a moderator with one, and a real server. */
export class RealCast extends Cast {
  readonly crowd: Crowd;
  // In neighbouring cells.
  readonly places = [2.5512, 2.6412].map((lon) => ({
    lon,
    lat: 43.3215,
    accuracy_m: 8,
    source: 'gps' as const,
  }));
  readonly fetch: typeof fetch = (...request) => fetch(...request);
  #moderatorId = '';

  private constructor(crowd: Crowd) {
    super();
    this.crowd = crowd;
  }

  static async gather(): Promise<RealCast> {
    const crowd = await gather();
    const cast = new RealCast(crowd);
    const person = await crowd.somebody();
    const moderator = await makeModerator(crowd.server, 'moderation@capitelle.test');
    cast.#moderatorId = moderator.id;
    const phones = [person.phone, await crowd.otherPhone(person), await crowd.otherPhone(moderator)];
    cast.hands = phones.map((phone) => new Hand(cast, phone));
    for (const hand of cast.hands) await hand.phone.sync();
    return cast;
  }

  async setTerritories(extent: Extent): Promise<void> {
    const { sql } = this.crowd.server;
    this.isReassigned = extent !== 'everywhere';
    await sql('delete from app.memberships where user_id = $1', [this.#moderatorId]);
    if (extent === 'nowhere') return;
    await sql(
      "insert into app.memberships (user_id, group_id, role, territories) select $1, id, 'moderator', $2 from app.groups",
      [this.#moderatorId, TERRITORIES[extent]],
    );
  }

  // A database that others share is not put back: the model's server is, and the tests on PostgreSQL do it.
  backUp(): void {
    return undefined;
  }

  restore(): void {
    return undefined;
  }
}
