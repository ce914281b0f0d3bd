import * as fc from 'fast-check';

import type { Json } from '../../src/domain/json.ts';
import type { Point } from '../../src/domain/point.ts';
import * as people from './actions.ts';
import { type Fate, FATES } from './network.ts';
import type { Phone } from './phone.ts';
import { CELLS, CONDITION, MATERIALS, NAME, PATHS, placeIn, type User } from './state.ts';
import type { World } from './world.ts';

/** One thing that happens: somebody does something, or something goes wrong. */
export type Command = (world: World) => void;

/** A command that shows itself when a counter-example is printed. */
function named(name: string, command: Command): Command {
  return Object.assign(command, { [fc.toStringMethod]: () => name });
}

const VALUES: Record<string, readonly Json[]> = {
  [NAME]: ['Lavoir', 'Four', 'Croix', null],
  [CONDITION]: ['good', 'fair'],
  [MATERIALS]: [['stone'], ['brick'], ['stone', 'wood'], null],
  geom: CELLS.map((_, index) => ({ ...placeIn(index + 1) }) as Json),
  sensitivity: ['open', 'hidden'],
};
const DECISIONS = ['publish', 'publish', 'publish', 'to_complete', 'reject', 'archive', 'restore'] as const;
const SCOPES: readonly (readonly string[])[] = [[], ['1'], ['1', '2'], CELLS];
const MAYBE_MODERATORS: readonly User[] = ['mod', 'mod', 'ann'];
const YEARS_MS = 60 * 365 * 86_400_000;

const at = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;
const phoneOf = ({ phones }: World, index: number): Phone => at(phones, index);

/** Does something with the nth point that a phone shows. */
function onPoint(phone: Phone, index: number, work: (point: Point) => void): void {
  const ids = phone.shownIds();
  const point = ids.length === 0 ? null : phone.shown(at(ids, index));
  if (point) work(point);
}

const small = fc.nat({ max: 11 });
const who = fc.nat({ max: 2 });
const fates: fc.Arbitrary<readonly Fate[]> = fc.array(
  fc.constantFrom<Fate>(...Array<Fate>(12).fill('ok'), ...FATES, 'committed_late', 'committed_late'),
  { minLength: 1, maxLength: 4 },
);

const deeds = (n: number, a: number, b: number): [string, Command][] => [
  [
    `phone ${n} captures ${a} ${b}`,
    (world) => people.capture(world, phoneOf(world, n), 1 + (a % CELLS.length), `Lieu ${a}`, b % 3 === 0),
  ],
  [
    `phone ${n} edits ${a} ${b}`,
    (world) => {
      const phone = phoneOf(world, n);
      const path = at(PATHS, b);
      onPoint(phone, a, (point) =>
        people.edit(world, phone, point, path, at(VALUES[path] ?? [], a + b), b % 4 === 0),
      );
    },
  ],
  [
    `phone ${n} decides ${a} ${b}`,
    (world) => {
      const phone = phoneOf(world, n);
      onPoint(phone, a, (point) => people.decide(world, phone, point, at(DECISIONS, b)));
    },
  ],
  [
    `phone ${n} comments on ${a}`,
    (world) => onPoint(phoneOf(world, n), a, (point) => people.comment(world, phoneOf(world, n), point)),
  ],
  [
    `phone ${n} withdraws ${a}`,
    (world) => onPoint(phoneOf(world, n), a, (point) => people.withdraw(world, phoneOf(world, n), point)),
  ],
  [
    `phone ${n} resolves, keeping ${b % 2 ? 'mine' : 'theirs'}`,
    (world) => people.resolve(world, phoneOf(world, n), b % 2 === 1),
  ],
  [`phone ${n} tries again`, (world) => people.retry(world, phoneOf(world, n))],
  [`phone ${n} gives up`, (world) => people.discard(world, phoneOf(world, n))],
];
const DEED_WEIGHTS = [6, 12, 8, 2, 2, 3, 1, 1];

const accidents = (n: number, a: number): [string, Command][] => [
  [`phone ${n} is killed`, (world) => world.kill(n % world.phones.length)],
  [`tab ${a % 2} of phone ${n} is closed`, (world) => world.tabs[n]?.[a % 2]?.close()],
  [`tab ${a % 2} of phone ${n} waits no longer`, (world) => world.tabs[n]?.[a % 2]?.timeOut()],
  [`what was held back (${a}) arrives`, (world) => world.network.deliver(a)],
  [`a late transaction (${a}) commits`, (world) => world.network.commit(a)],
  [
    `the scope of ${at(MAYBE_MODERATORS, n)} becomes ${a % SCOPES.length}`,
    (world) => world.server.setScope(at(MAYBE_MODERATORS, n), at(SCOPES, a)),
  ],
  ['the server is backed up', (world) => world.server.backUp()],
  ['the backup is restored', (world) => world.restore()],
  [
    `the clock of phone ${n} is wrong by ${(a % 3) - 1} × 60 years`,
    (world) => {
      phoneOf(world, n).clockError = ((a % 3) - 1) * YEARS_MS;
    },
  ],
  ['the next save is poison', (world) => world.poisonNext()],
];
const ACCIDENT_WEIGHTS = [3, 2, 4, 5, 5, 4, 1, 2, 1, 1];

function weighted(weights: readonly number[]): fc.Arbitrary<number> {
  return fc.constantFrom(...weights.flatMap((weight, index) => Array<number>(weight).fill(index)));
}

const deed = fc
  .tuple(weighted(DEED_WEIGHTS), who, small, small)
  .map(([kind, n, a, b]) => named(...at(deeds(n, a, b), kind)));

const accident = fc
  .tuple(weighted(ACCIDENT_WEIGHTS), who, small)
  .map(([kind, n, a]) => named(...at(accidents(n, a), kind)));

const sync = fc
  .record({
    n: who,
    second: weighted([3, 1]),
    steps: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constant(60)),
    met: fates,
    seconds: fc.constantFrom(1, 60, 3600),
    isKilled: fc.boolean(),
  })
  .map(({ n, second, steps, met, seconds, isKilled }) => {
    const end = isKilled ? ', killed' : '';
    return named(`phone ${n}, tab ${second}: ${steps} steps over ${met.join(', ')}${end}`, (world) => {
      world.now += seconds * 1000;
      world.network.meet(met);
      const tab = world.tabs[n]?.[second];
      for (let step = 0; step < steps; step++) if (!tab?.step()) break;
      if (isKilled) world.kill(n);
    });
  });

/** A few dozen things that happen, in any order. */
export const story: fc.Arbitrary<readonly Command[]> = fc.array(
  fc.oneof(
    { weight: 9, arbitrary: deed },
    { weight: 10, arbitrary: sync },
    { weight: 5, arbitrary: accident },
  ),
  { minLength: 1, maxLength: 40 },
);
