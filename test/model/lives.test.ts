// First of all: Dexie looks for IndexedDB when it is loaded.
import 'fake-indexeddb/auto';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { SentRow } from '../../src/db/rows.ts';
import { newMutationId, newPointId } from '../../src/domain/id.ts';
import type { Json } from '../../src/domain/json.ts';
import type { Mutation } from '../../src/domain/mutation.ts';
import type { Point } from '../../src/domain/point.ts';
import { random } from '../support/phone.ts';
import type { Hand } from './engine/cast.ts';
import { capture, decide, edit } from './engine/deeds.ts';
import { ModelCast } from './engine/model-cast.ts';

const YEARS_MS = 60 * 365 * 86_400_000;
const HOUR_MS = 3_600_000;

/** What the model found in the real engine, told again to it. */
describe('servers put back, roles that change, clocks that err', () => {
  let cast: ModelCast;
  let one: Hand, two: Hand, desk: Hand;
  beforeEach(() => {
    cast = new ModelCast();
    [one, two, desk] = cast.hands as [Hand, Hand, Hand];
  });
  afterEach(() => cast.close());

  const shown = async (hand: Hand): Promise<Point> => {
    const id = (await hand.phone.ctx.cache.points.toCollection().primaryKeys())[0] ?? '';
    return (await hand.phone.shown(id))?.point as Point;
  };

  it('sends a conflict again to a server that has forgotten it', async () => {
    await capture(cast, one, 0, false);
    await one.phone.sync();
    await two.phone.sync();
    cast.backUp();
    await edit(cast, one, await shown(one), 'attributes.name', 'Four');
    await one.phone.sync();
    await edit(cast, two, await shown(two), 'attributes.name', 'Croix');
    await two.phone.sync();
    expect(await two.phone.ctx.precious.outbox.toArray()).toMatchObject([{ state: 'conflict' }]);
    cast.restore();
    for (const hand of [two, two, one, one]) {
      await hand.phone.sync();
      await cast.check();
    }
    // This time the second one came first.
    expect(await shown(one)).toMatchObject({
      attributes: { name: 'Croix' },
      conflicts: [{ mine: 'Four', theirs: 'Croix' }],
    });
  });

  it('queues a whole season again in its order, though the clock went backwards all along', async () => {
    const { phone } = one;
    await phone.sync();
    const pointId = newPointId(new Date(), random);
    const geom = { ...cast.places[0] } as Json;
    const common = { v: 1, point_id: pointId, captured_at: '2026-05-02T08:00:00.000Z' } as const;
    const season: SentRow[] = Array.from({ length: 620 }, (_, n) => {
      const mutation_id = newMutationId(new Date(Date.now() - n * HOUR_MS), random);
      const name = (at: number) => ({ 'attributes.name': `Nom ${at}` });
      const mutation: Mutation =
        n === 0
          ? { ...common, mutation_id, kind: 'create', theme: 'heritage', patch: { geom, ...name(0) } }
          : { ...common, mutation_id, kind: 'edit', base_rev: n, base: name(n - 1), patch: name(n) };
      const payload = JSON.stringify(mutation);
      const rest = { user_id: 'ann', point_id: pointId, kind: mutation.kind, code: null, rev: n + 1 };
      return { ...rest, mutation_id, payload, status: 'applied', at: '2026-05-02', epoch: 'lost', n: n + 1 };
    });
    await phone.ctx.precious.sent.bulkPut(season);
    cast.restore();
    await phone.sync();
    await phone.sync();
    expect(await phone.ctx.precious.outbox.toArray()).toEqual([]);
    expect(await shown(one)).toMatchObject({ attributes: { name: 'Nom 619' }, conflicts: [] });
  });

  it('compares what was acknowledged before the first pull with a server put back', async () => {
    await capture(cast, one, 0, false);
    // The push goes through, the app dies before the pull.
    one.dieAfter(3);
    await one.phone.sync();
    one.reopen();
    expect(await one.phone.ctx.precious.sent.count()).toBe(1);
    cast.restore();
    for (let round = 0; round < 2; round++) await one.phone.sync();
    expect(await cast.difference(one)).toEqual([]);
    expect(cast.server.tables.points.size).toBe(1);
    await cast.check();
  });

  it('begins a snapshot again when the role changes in the middle of it', async () => {
    for (let n = 0; n < 5; n++) await capture(cast, desk, 0, false);
    await desk.phone.sync();
    await cast.setTerritories('here');
    // The pull, the account, a first page; not the second.
    cast.road.meet(['ok', 'ok', 'ok', 'dropped_before']);
    expect(await desk.phone.sync()).toMatchObject({ code: 'offline' });
    cast.road.meet(['ok']);
    await cast.setTerritories('nowhere');
    await desk.phone.sync();
    expect(await cast.difference(desk)).toEqual([]);
  });

  describe('between two pages of a pull', () => {
    /** The moderator follows a published point, and has two pages of news to come. */
    const prepare = async () => {
      await capture(cast, desk, 0, false);
      await desk.phone.sync();
      await capture(cast, one, 0, false);
      await one.phone.sync();
      await desk.phone.sync();
      for (const { point } of await desk.phone.ctx.cache.points.toArray()) {
        if (!point.mine) await decide(cast, desk, point, 'publish');
      }
      cast.waitedMs += HOUR_MS;
      await desk.phone.sync();
      for (let n = 0; n < 5; n++) await capture(cast, one, 0, false);
      await one.phone.sync();
    };

    /** Syncs the moderator's phone; something happens once its first page was answered. */
    const syncAnd = async (happen: () => unknown) => {
      let asked = 0;
      desk.phone.network.detours.set('/rest/v1/rpc/', async (go, body) => {
        if (body.includes('"cursor"') && ++asked === 2) await happen();
        return go();
      });
      await desk.phone.sync();
      expect(asked).toBeGreaterThan(1);
    };

    it('asks again for all that was seen under a role that ends', async () => {
      await prepare();
      await syncAnd(() => cast.setTerritories('nowhere'));
      expect(await cast.difference(desk)).toEqual([]);
    });

    it('asks again for all that came from a server that is put back', async () => {
      await prepare();
      await syncAnd(() => cast.restore());
      // What the server has forgotten leaves again.
      await desk.phone.sync();
      expect(await cast.difference(desk)).toEqual([]);
    });
  });

  it('holds nothing back until the year that a wrong clock believed in', async () => {
    one.clockErrorMs = YEARS_MS;
    await capture(cast, one, 0, true);
    cast.road.meet(['broken']);
    await one.phone.sync();
    expect((await one.phone.ctx.precious.outbox.toArray())[0]?.not_before).toBeGreaterThan(
      Date.now() + HOUR_MS,
    );
    cast.road.meet(['ok']);
    one.clockErrorMs = 0;
    expect(await one.phone.sync()).toBeNull();
    expect(await cast.difference(one)).toEqual([]);
    expect(await one.phone.ctx.precious.photo_bytes.count()).toBe(0);
  });
});
