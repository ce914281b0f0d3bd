import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { FORMER, KEPT, MergedTerm, type Sent } from '../support/merged-term.ts';
import { findPostgres } from '../support/postgres.ts';

const POINTS = 5_000;

// PGlite is one connection: it cannot race.
describe.skipIf((await findPostgres()) === undefined)('a term merged while phones push', () => {
  let ground: MergedTerm;
  let points: string[];

  beforeAll(async () => {
    ground = await MergedTerm.open();
    points = await ground.scatter(POINTS);
  }, 300_000);
  afterAll(() => ground.close());

  /** Moves the points while phones push to some of them. */
  async function movedWhilePushed(some: readonly string[], base: string | null): Promise<Sent[]> {
    let isOver = false;
    const pushing = ground.push(some, base, () => isOver);
    await ground.work();
    isOver = true;
    const sent = await pushing;
    // What a push wrote after the last look is found by the next.
    await ground.work();
    return sent;
  }

  test('every point follows, no word of a phone is lost, and undone they all come back', async () => {
    const merge = await ground.edit('merge', { concept: FORMER, into: KEPT });
    const sent = await movedWhilePushed(points, null);
    expect(sent.length).toBeGreaterThan(10);
    expect(new Set(sent.map(({ status }) => status)).difference(new Set(['applied', 'merged']))).toEqual(
      new Set(),
    );
    expect(await ground.counts()).toEqual({ [KEPT]: POINTS });
    expect(await ground.lost(sent)).toEqual([]);

    await ground.undo(merge);
    const untouched = points.filter((id) => !sent.some(({ point }) => point === id));
    const again = await movedWhilePushed(untouched, null);
    expect(await ground.counts()).toEqual({ [FORMER]: POINTS });
    expect(await ground.lost([...sent, ...again])).toEqual([]);
    const [twice] = await ground.sql`
      select count(*)::int as n from (
        select point_id from app.events where action = 'remap' group by point_id having count(*) > 2) as often`;
    expect(twice).toEqual({ n: 0 });
  }, 200_000);

  test('of two edits that are each right and wrong together, one is refused', async () => {
    const [left, right] = ['fontaine', 'lavoir'];
    const outcomes = await Promise.allSettled(
      [
        [left, right],
        [right, left],
      ].map(async ([concept = '', broader = '']) => {
        const [row] = await ground.sql<{ broader: string | null }[]>`
          select broader from app.concepts where id = ${concept}`;
        return ground.edit('move', { concept, from: row?.broader ?? null, broader });
      }),
    );
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const refused = outcomes.find((one) => one.status === 'rejected');
    expect(refused?.reason).toMatchObject({ message: 'invalid_concept', code: 'PT400' });
  });

  test('two coordinators who add synonyms to one term at once both find theirs', async () => {
    const [other = ''] = ground.pushers;
    await ground.sql`update app.memberships set role = 'coordinator' where user_id = ${other}`;
    const add = (word: string, who: string) =>
      ground.edit('change', { concept: 'puits', fields: { 'alt.fr': { from: [], to: [word] } } }, who);
    await Promise.all([add('trou d’eau', ground.coordinator), add('creux d’eau', other)]);
    const [row] = await ground.sql<{ alt: string[] }[]>`
      select array(select jsonb_array_elements_text(alt -> 'fr')) as alt from app.concepts where id = 'puits'`;
    expect(row?.alt).toEqual(expect.arrayContaining(['trou d’eau', 'creux d’eau']));
  });
});
