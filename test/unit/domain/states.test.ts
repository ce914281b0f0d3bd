import { describe, expect, it } from 'vitest';

import { POINT_STATUSES, type PointStatus } from '../../../src/domain/point.ts';
import { type Act, type Actor, transition } from '../../../src/domain/states.ts';

/** The table of contract §3, in its own words; `=` is unchanged, `+` a revision beside. */
const CONTRACT = `
  – | contributor | create | submitted
  draft, to_complete | author | submit | submitted
  draft, submitted, to_complete | author | edit | =
  rejected, withdrawn | author | edit | submitted
  draft, submitted, to_complete, rejected | author | withdraw | withdrawn
  published | contributor | edit | +
  submitted, published | moderator | edit | =
  submitted | moderator | publish | published
  submitted | moderator | to_complete | to_complete
  submitted | moderator | reject | rejected
  submitted | moderator | duplicate | duplicate
  published | moderator | archive | archived
  published | moderator | destroy | destroyed
  published | moderator | duplicate | duplicate
  archived, destroyed | moderator | restore | published
  duplicate | moderator | restore | before
  rejected, to_complete | moderator | restore | submitted
`;

const rows = CONTRACT.trim()
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()) as [string, string, string, string])
  .flatMap(([from, who, does, to]) => from.split(', ').map((one) => ({ from: one, who, does, to })));

const ACTORS: Record<string, Actor> = {
  author: { isContributor: true, isAuthor: true, isModerator: false },
  contributor: { isContributor: true, isAuthor: false, isModerator: false },
  moderator: { isContributor: true, isAuthor: false, isModerator: true },
  stranger: { isContributor: false, isAuthor: false, isModerator: false },
};
const PARTS: Record<string, string[]> = {
  author: ['author', 'contributor'],
  contributor: ['contributor'],
  moderator: ['moderator', 'contributor'],
  stranger: [],
};
const VERBS = [
  'create',
  'edit',
  'submit',
  'withdraw',
  'publish',
  'to_complete',
  'reject',
  'duplicate',
  'archive',
  'destroy',
  'restore',
] as const;

function actOf(verb: (typeof VERBS)[number]): Act {
  if (verb === 'create' || verb === 'edit' || verb === 'withdraw') return { kind: verb };
  if (verb === 'submit') return { kind: 'edit', submit: true };
  return { kind: 'decide', decision: verb };
}

const STATES: (PointStatus | null)[] = [null, ...POINT_STATUSES];
const CASES = STATES.flatMap((from) =>
  Object.keys(ACTORS).flatMap((who) => VERBS.map((verb) => [from, who, verb] as const)),
);

/** What the contract says, best first: what is applied before what waits. */
function expected(from: PointStatus | null, who: string, verb: string): string | null {
  const does = verb === 'submit' ? ['submit', 'edit'] : [verb];
  const found = does.flatMap((one) =>
    rows.filter((row) => row.from === (from ?? '–') && row.does === one && PARTS[who]?.includes(row.who)),
  );
  return (found.find((row) => row.to !== '+') ?? found[0])?.to ?? null;
}

describe('transitions of a point', () => {
  it.each(CASES)('from %s by %s: %s', (from, who, verb) => {
    const outcome = transition(from, ACTORS[who] ?? assert(), actOf(verb));
    let to = expected(from, who, verb);
    // An edit with submit of a submitted point is an edit of it.
    if (verb === 'submit' && from === 'submitted' && who === 'author') to = 'submitted';
    if (to === null) expect(outcome.allowed).toBe(false);
    else if (to === '+') expect(outcome).toEqual({ allowed: true, to: from, effect: 'pending' });
    else expect(outcome).toEqual({ allowed: true, to: to === '=' ? from : to, effect: 'applied' });
  });

  it('nobody decides on their own contribution, unless the theme lets them', () => {
    const both = { isContributor: true, isAuthor: true, isModerator: true };
    const publish = { kind: 'decide', decision: 'publish' } as const;
    expect(transition('submitted', both, publish)).toEqual({ allowed: false, code: 'own_contribution' });
    expect(transition('submitted', { ...both, mayDecideOwn: true }, publish)).toMatchObject({
      allowed: true,
      to: 'published',
    });
  });

  it('tells "not you" from "not now"', () => {
    const { contributor, moderator } = ACTORS as Record<'contributor' | 'moderator', Actor>;
    const archive = { kind: 'decide', decision: 'archive' } as const;
    expect(transition('published', contributor, archive)).toMatchObject({ code: 'not_allowed' });
    expect(transition('submitted', moderator, archive)).toMatchObject({ code: 'invalid_transition' });
  });
});

function assert(): never {
  throw new Error('unknown actor');
}
