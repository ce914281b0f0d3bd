import * as fc from 'fast-check';

import { type Command, story } from './commands.ts';
import { checkAlways, checkPoison, checkReplay, difference, fail } from './invariants.ts';
import type { Mutant } from './mutants.ts';
import type { Phone } from './phone.ts';
import type { User } from './state.ts';
import { populate } from './populate.ts';
import { World, type WorldOptions } from './world.ts';

/** Rounds without faults in which everything must have arrived. */
const ROUNDS = 8;
/** Steps that a round never needs. */
const ENDLESS = 5_000;

const worlds: fc.Arbitrary<Omit<WorldOptions, 'mutant'>> = fc.record({
  users: fc.constantFrom<User[]>(['ann', 'ben', 'mod'], ['ann', 'ann', 'mod'], ['ann', 'mod', 'mod']),
  hasLocks: fc.constantFrom(true, true, true, false),
  batch: fc.constantFrom(50, 2, 1),
  page: fc.constantFrom(50, 2, 1),
});

/** Stories that end well: nothing is lost on the way, and everybody sees the same at the end. */
export function everyStoryEndsWell(mutant: Mutant | null) {
  return fc.property(worlds, story, (options, commands) => tell({ ...options, mutant }, commands));
}

/** Tells one story and ends it. Throws Broken when an invariant does not hold. */
export function tell(options: WorldOptions, commands: readonly Command[]): void {
  const world = new World(options);
  populate(world);
  for (const phone of world.phones) finishRound(world, phone);
  for (const command of commands) {
    command(world);
    checkAlways(world);
  }
  settle(world);
}

/** The faults are over: what was on the way arrives, and phones sync until nothing changes any more. */
function settle(world: World): void {
  const { network, phones } = world;
  network.meet(['ok']);
  while (network.late.length > 0) network.commit(0);
  while (network.limbo.length > 0) network.deliver(0);
  for (const phone of phones) phone.clockError = 0;
  let why: string | null = null;
  for (let count = 0; count < ROUNDS; count++) {
    for (const phone of phones) {
      world.now += 3_600_000;
      finishRound(world, phone);
      checkAlways(world);
      // One whole round, begun without faults, whoever had begun what came before.
      if (count === 1) checkPoison(world, phone);
    }
    if (count === 1) world.poison = null;
    why = phones.map((phone) => difference(world, phone)).find((one) => one !== null) ?? null;
    if (count > 1 && why === null) return checkReplay(world);
  }
  fail('I5', why ?? 'nothing');
}

/** Lets what a phone began end, then one round from its beginning. */
function finishRound(world: World, phone: Phone): void {
  const tabs = world.tabs[phone.index] ?? [];
  for (const tab of [...tabs.filter((one) => one.isBusy), tabs[0]]) {
    let steps = 0;
    while (tab?.step() && tab.isBusy) if (++steps > ENDLESS) fail('I5', 'a round without end');
  }
}
