import * as fc from 'fast-check';

import type { Json } from '../../../src/domain/json.ts';
import type { Point } from '../../../src/domain/point.ts';
import type { Cast, Extent, Hand } from './cast.ts';
import * as deeds from './deeds.ts';
import { type Mishap, MISHAPS } from './road.ts';

/** One thing that happens to the cast. */
export type Turn = (cast: Cast) => Promise<unknown>;

function named(name: string, turn: Turn): Turn {
  return Object.assign(turn, { [fc.toStringMethod]: () => name });
}

const VALUES: [path: string, values: Json[]][] = [
  ['attributes.name', ['Four', 'Croix', 'Puits']],
  ['attributes.condition', ['good', 'poor', null]],
  ['attributes.materials', [['schist'], ['granite'], ['schist', 'limestone'], null]],
  ['geom', []],
  ['sensitivity', ['open', 'hidden', 'blurred']],
];
const DECISIONS = ['publish', 'publish', 'publish', 'to_complete', 'reject', 'archive', 'restore'] as const;
const EXTENTS: readonly Extent[] = ['everywhere', 'here', 'nowhere'];
const YEARS_MS = 60 * 365 * 86_400_000;

const at = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;

/** Does something with one of the points that a phone shows, the last ones most often. */
async function onPoint(hand: Hand, index: number, work: (point: Point) => Promise<unknown>): Promise<void> {
  const { precious, cache } = hand.phone.ctx;
  const queued = (await precious.outbox.toArray()).map((row) => row.point_id);
  const ids = [...new Set([...queued, ...(await cache.points.toCollection().primaryKeys())])]
    .sort()
    .reverse();
  const shown = ids.length ? await hand.phone.shown(at(ids, index)) : null;
  if (shown) await work(shown.point);
}

/** Puts the moderator back in charge of everything. */
export async function giveBackTerritories(cast: Cast): Promise<void> {
  if (cast.isReassigned) await cast.setTerritories('everywhere');
}

const valueOf = (cast: Cast, path: string, values: Json[], index: number): Json =>
  path === 'geom' ? ({ ...at(cast.places, index) } as Json) : at(values, index);

const turns = (n: number, a: number, b: number): [string, Turn][] => [
  [`phone ${n} captures`, (cast) => deeds.capture(cast, cast.hand(n), a, b % 2 === 0)],
  [
    `phone ${n} edits ${a} ${b}`,
    (cast) => {
      const [path, values] = at(VALUES, b);
      return onPoint(cast.hand(n), a, (point) =>
        deeds.edit(cast, cast.hand(n), point, path, valueOf(cast, path, values, a + b)),
      );
    },
  ],
  [
    `phone ${n} decides ${a} ${b}`,
    (cast) => onPoint(cast.hand(n), a, (point) => deeds.decide(cast, cast.hand(n), point, at(DECISIONS, b))),
  ],
  [
    `phone ${n} comments`,
    (cast) => onPoint(cast.hand(n), a, (point) => deeds.comment(cast, cast.hand(n), point)),
  ],
  [
    `phone ${n} withdraws`,
    (cast) => onPoint(cast.hand(n), a, (point) => deeds.withdraw(cast, cast.hand(n), point)),
  ],
  [`phone ${n} resolves`, (cast) => deeds.resolve(cast, cast.hand(n), b % 2 === 0)],
  [`phone ${n} sees to a refusal`, (cast) => deeds.seeToRefusal(cast, cast.hand(n), b % 2 === 0)],
  [`what was held back arrives (${a})`, (cast) => cast.road.deliver(a)],
  [`the moderator decides ${at(EXTENTS, a)}`, (cast) => cast.setTerritories(at(EXTENTS, a))],
  ['the server is backed up', (cast) => Promise.resolve(cast.backUp())],
  ['the backup is restored', (cast) => Promise.resolve(cast.restore())],
  [
    `the clock of phone ${n} is wrong by ${(a % 3) - 1} × 60 years`,
    (cast) => {
      cast.hand(n).clockErrorMs = ((a % 3) - 1) * YEARS_MS;
      return Promise.resolve();
    },
  ],
];
const WEIGHTS = [6, 9, 6, 1, 2, 3, 2, 3, 1, 1, 1, 1];

const who = fc.constantFrom(0, 0, 1, 2, 2);
const deed = fc
  .tuple(
    fc.constantFrom(...WEIGHTS.flatMap((weight, index) => Array<number>(weight).fill(index))),
    who,
    fc.nat({ max: 7 }),
    fc.nat({ max: 11 }),
  )
  .map(([kind, n, a, b]) => named(...at(turns(n, a, b), kind)));

const mishaps = fc.array(fc.constantFrom<Mishap>(...Array<Mishap>(14).fill('ok'), ...MISHAPS), {
  minLength: 1,
  maxLength: 5,
});
const sync = fc
  .record({
    n: who,
    met: mishaps,
    seconds: fc.constantFrom(1, 600),
    /** The app is killed after so many writes, or not at all. */
    writes: fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 25 })),
    tabs: fc.constantFrom(1, 1, 1, 2),
  })
  .map(({ n, met, seconds, writes, tabs }) => {
    const end = writes === null ? '' : `, killed after ${writes} writes`;
    return named(`phone ${n} syncs in ${tabs} tabs over ${met.join(', ')}${end}`, async (cast) => {
      const hand = cast.hand(n);
      cast.waitedMs += seconds * 1_000;
      cast.road.meet(met);
      if (writes !== null) hand.dieAfter(writes);
      await Promise.all(Array.from({ length: tabs }, () => hand.phone.sync()));
      if (writes !== null) hand.reopen();
    });
  });

/** What happens in one story. */
export const story: fc.Arbitrary<Turn[]> = fc.array(
  fc.oneof({ weight: 3, arbitrary: deed }, { weight: 2, arbitrary: sync }),
  { minLength: 8, maxLength: 30 },
);

/** The story's end, or an error after so many milliseconds: what waits for ever is neither green nor a pause. */
export async function toItsEnd(story: Promise<void>, ms: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const hung = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`a story did not end within ${ms / 1_000} s`)), ms);
  });
  await Promise.race([story, hung]).finally(() => clearTimeout(timer));
}
