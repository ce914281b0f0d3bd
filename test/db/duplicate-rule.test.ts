import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

import type { Concept } from '../../src/domain/concept.ts';
import { accuracyReach, type Comparable, mayBeSame } from '../../src/domain/duplicates.ts';
import { distanceMeters } from '../../src/domain/geo/distance.ts';
import { type Thesaurus, thesaurusOf } from '../../src/domain/thesaurus/tree.ts';
import { openEmbedded, type PgtapDatabase } from '../support/pgtap.ts';

let database: PgtapDatabase;
let thesaurus: Thesaurus;
let ids: string[];

beforeAll(async () => {
  database = await openEmbedded();
  const [text = '[]'] = await database.run(
    `select jsonb_agg(jsonb_build_object('id', id, 'broader', broader))::text from app.concepts where scheme = 'petit-patrimoine'`,
  );
  thesaurus = thesaurusOf(JSON.parse(text) as Concept[]);
  ids = [...thesaurus.keys()];
}, 180_000);
afterAll(() => database.close());

interface Pair {
  readonly a: Comparable;
  readonly b: Comparable;
  readonly radius: number;
}

/** Two things up to 300 m apart, as well or badly placed as it happens, of whatever they may be. */
function pairs(): fc.Arbitrary<Pair> {
  const concept = fc.oneof(
    fc.constant(null),
    fc.constant('unknown-term'),
    // Few enough that sameness and kinship are often met.
    fc.constantFrom(...ids.slice(0, 24)),
  );
  const accuracy_m = fc.constantFrom(null, 0, 3, 8, 40, 100, 3_000);
  const thing = (reach: number) =>
    fc
      .tuple(
        fc.integer({ min: -reach, max: reach }),
        fc.integer({ min: -reach, max: reach }),
        accuracy_m,
        concept,
      )
      .map(([east, north, accuracy, what]) => ({
        concept: what,
        geom: { lon: 2.5 + east * 1e-5, lat: 43.2 + north * 1e-5, accuracy_m: accuracy },
      }));
  return fc.record({ a: thing(10), b: thing(270), radius: fc.constantFrom(15, 40, 75) });
}

/** Both say the same sphere; its radius differs by 0.2 m in 6 371 km. */
const isOnTheLine = ({ a, b, radius }: Pair) =>
  Math.abs(distanceMeters(a.geom, b.geom) - radius - accuracyReach(a.geom) - accuracyReach(b.geom)) < 0.01;

test('the phone and the server call the same pairs duplicates, whichever of the two is asked about', async () => {
  const tried = fc.sample(pairs(), 2_000).filter((pair) => !isOnTheLine(pair));
  const [answer = ''] = await database.run(`
    select string_agg(case when private.may_be_same(r, pa, aa, ac, pb, ba, bc) then '1' else '0' end
        || case when private.may_be_same(r, pb, ba, bc, pa, aa, ac) then '1' else '0' end, '' order by n)
    from (
      select n, (p ->> 'radius')::float8 as r, p #>> '{a,concept}' as ac, p #>> '{b,concept}' as bc,
        (p #>> '{a,geom,accuracy_m}')::float8 as aa, (p #>> '{b,geom,accuracy_m}')::float8 as ba,
        extensions.st_setsrid(extensions.st_makepoint((p #>> '{a,geom,lon}')::float8, (p #>> '{a,geom,lat}')::float8), 4326) as pa,
        extensions.st_setsrid(extensions.st_makepoint((p #>> '{b,geom,lon}')::float8, (p #>> '{b,geom,lat}')::float8), 4326) as pb
      from jsonb_array_elements('${JSON.stringify(tried)}') with ordinality as t (p, n)) as pairs`);
  const same = tried.map(({ a, b, radius }) => mayBeSame(a, b, thesaurus, radius));
  expect(tried.map(({ a, b, radius }) => mayBeSame(b, a, thesaurus, radius))).toEqual(same);
  expect(answer).toBe(same.map((is) => (is ? '11' : '00')).join(''));
  // Both answers were met, and not once.
  const share = same.filter(Boolean).length / same.length;
  expect(share).toBeGreaterThan(0.1);
  expect(share).toBeLessThan(0.9);
});
