// First of all: Dexie looks for IndexedDB when it is loaded.
import 'fake-indexeddb/auto';

import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { ModelCast } from './engine/model-cast.ts';
import { giveBackTerritories, story, toItsEnd, type Turn } from './engine/stories.ts';

/** Time given to stories beyond the least: as many as it holds. */
const BUDGET_MS = Number(process.env['ENGINE_MS'] ?? 20_000);
/** Stories told however slow the machine is. */
const LEAST = 60;
/** One that has not ended by then hangs: a queue that is stuck is a fault, not a pause. */
const LONGEST_MS = 60_000;
const SEED = Number(process.env['ENGINE_SEED'] ?? 11);
/** Rounds without faults in which everything must have arrived. */
const ROUNDS = 8;

it(
  'the real engine loses, doubles and overwrites nothing before the model’s server',
  { timeout: BUDGET_MS + 120_000 },
  async () => {
    let told = 0;
    const property = fc.asyncProperty(
      story,
      fc.array(fc.constantFrom(0, 0, 5, 30), { minLength: 1 }),
      async (turns, late) => {
        await toItsEnd(tell(turns, late), LONGEST_MS);
        told += 1;
      },
    );
    await fc.assert(property, { numRuns: LEAST, seed: SEED, endOnFailure: true });
    expect(told).toBe(LEAST);
    const limits = { interruptAfterTimeLimit: BUDGET_MS, endOnFailure: true };
    await fc.assert(property, { numRuns: 1_000_000, seed: SEED + 1, ...limits });
    console.info(`${told} stories told, seed ${SEED}`);
  },
);

async function tell(turns: readonly Turn[], late: readonly number[]): Promise<void> {
  const cast = new ModelCast();
  cast.wire.commitMs = late;
  for (const turn of turns) {
    await turn(cast);
    await cast.check();
  }
  cast.wire.commitMs = [0];
  cast.road.meet(['ok']);
  while (cast.road.held.length > 0) await cast.road.deliver(0);
  await giveBackTerritories(cast);
  for (const hand of cast.hands) hand.clockErrorMs = 0;
  let faults: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    cast.waitedMs += 2 * 3_600_000;
    for (const { phone } of cast.hands) await phone.sync();
    await cast.check();
    faults = [];
    for (const hand of cast.hands) faults.push(...(await cast.difference(hand)));
    if (faults.length === 0) break;
  }
  await cast.close();
  expect(faults).toEqual([]);
}
