// First of all: Dexie looks for IndexedDB when it is loaded.
import 'fake-indexeddb/auto';

import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { RealCast } from '../model/engine/real-cast.ts';
import { giveBackTerritories, story, toItsEnd, type Turn } from '../model/engine/stories.ts';
import { difference, lost, lostPhotos, misapplied, replayed } from '../model/engine/truth.ts';

/** Time given to stories beyond the least: as many as it holds, always the same ones in the same order. */
const BUDGET_MS = Number(process.env['STORIES_MS'] ?? 30_000);
/** Stories told however slow the machine is. */
const LEAST = 20;
/** One that has not ended by then hangs: a queue that is stuck is a fault, not a pause. */
const LONGEST_MS = 60_000;
const SEED = Number(process.env['STORIES_SEED'] ?? 7);
/** Rounds without faults in which everything must have arrived. */
const ROUNDS = 6;

let cast: RealCast;
beforeAll(async () => {
  cast = await RealCast.gather();
}, 300_000);
afterAll(() => cast.crowd.close());

it(
  'the real engine loses, doubles and overwrites nothing on the real server, whatever the road does',
  { timeout: BUDGET_MS + 300_000 },
  async () => {
    let told = 0;
    const property = fc.asyncProperty(story, async (turns) => {
      await toItsEnd(tell(turns), LONGEST_MS);
      told += 1;
    });
    await fc.assert(property, { numRuns: LEAST, seed: SEED, endOnFailure: true });
    expect(told).toBe(LEAST);
    const limits = { interruptAfterTimeLimit: BUDGET_MS, endOnFailure: true };
    await fc.assert(property, { numRuns: 1_000_000, seed: SEED + 1, ...limits });
    console.info(`${told} stories told, seed ${SEED}`);
  },
);

async function tell(turns: readonly Turn[]): Promise<void> {
  for (const turn of turns) {
    await turn(cast);
    expect(await lost(cast)).toEqual([]);
  }
  await settle();
}

/** What the worker makes of photos that are published changes their points, a second or more after. */
async function jobsDone(): Promise<void> {
  const due = 'select 1 from app.jobs where done_at is null and run_after <= now()';
  await expect.poll(() => cast.crowd.server.sql(due), { timeout: 30_000 }).toEqual([]);
}

/** The faults are over: what was on the way arrives, and phones sync until nothing changes any more. */
async function settle(): Promise<void> {
  const { road, hands } = cast;
  road.meet(['ok']);
  while (road.held.length > 0) await road.deliver(0);
  await giveBackTerritories(cast);
  let faults: string[] = [];
  for (const hand of hands) hand.clockErrorMs = 0;
  for (let round = 0; round < ROUNDS; round++) {
    cast.waitedMs += 2 * 3_600_000;
    for (const { phone } of hands) await phone.sync();
    await jobsDone();
    faults = [];
    for (const hand of hands) faults.push(...(await difference(cast, hand)));
    if (faults.length === 0) break;
  }
  for (const hand of hands) faults.push(...(await replayed(cast, hand)));
  faults.push(...(await lost(cast)), ...(await misapplied(cast)), ...(await lostPhotos(cast)));
  expect(faults).toEqual([]);
  cast.said.clear();
}
