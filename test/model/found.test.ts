import { describe, it } from 'vitest';

import { capture } from './actions.ts';
import type { Command } from './commands.ts';
import { tell } from './run.ts';

const captures =
  (phone: number): Command =>
  (world) => {
    const hand = world.phones[phone];
    if (hand) capture(world, hand, 1, 'Lavoir', true);
  };

const steps =
  (phone: number, count: number): Command =>
  (world) => {
    world.now += 60_000;
    for (let step = 0; step < count; step++) world.tabs[phone]?.[0]?.step();
  };

/** What one story in seventy thousand came upon: too rare to wait for, it is told each time. */
describe('something changes between two pages of a pull', () => {
  const options = { users: ['ann', 'ben', 'mod'], hasLocks: true, batch: 50, page: 1, mutant: null } as const;
  // However far the moderator's phone has come.
  const depths = Array.from({ length: 12 }, (_, index) => index + 1);

  it.each(depths)('a role ends after %i steps', (depth) => {
    const roleEnds: Command = ({ server }) => server.setScope('mod', []);
    tell(options, [captures(0), captures(0), steps(0, 5), steps(2, depth), roleEnds, captures(0)]);
  });

  it.each(depths)('a backup is restored after %i steps', (depth) => {
    const restored: Command = (world) => world.restore();
    tell(options, [captures(0), captures(0), steps(0, 5), steps(2, depth), restored, captures(0)]);
  });
});
