import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

import type { Concept } from '../../src/domain/concept.ts';
import {
  accuracyReach,
  type Comparable,
  duplicateRule,
  type DuplicateRule,
  mayBeSame,
} from '../../src/domain/duplicates.ts';
import { distanceMeters } from '../../src/domain/geo/distance.ts';
import type { Theme } from '../../src/domain/theme.ts';
import { type Thesaurus, thesaurusOf } from '../../src/domain/thesaurus/tree.ts';
import { openEmbedded, type PgtapDatabase } from '../support/pgtap.ts';

let database: PgtapDatabase;
let thesaurus: Thesaurus;
let rules: ReadonlyMap<string, DuplicateRule>;

const THEMES = ['heritage', 'lighting', 'accessibility'];

beforeAll(async () => {
  database = await openEmbedded();
  const [text = '[]'] = await database.run(
    `select jsonb_agg(jsonb_build_object('id', id, 'scheme', scheme, 'broader', broader))::text from app.concepts`,
  );
  const [settings = '[]'] = await database.run(
    `select jsonb_agg(jsonb_build_object('id', id, 'settings', settings))::text from app.themes`,
  );
  thesaurus = thesaurusOf(JSON.parse(text) as Concept[]);
  const themes = JSON.parse(settings) as Theme[];
  rules = new Map(themes.map((theme) => [theme.id, duplicateRule(theme)]));
}, 300_000);
afterAll(() => database.close());

interface Pair {
  readonly theme: string;
  readonly a: Comparable;
  readonly b: Comparable;
}

/** Terms of a theme, few enough that sameness and kinship are often met, the holding one among them. */
function termsOf(theme: string): string[] {
  const holding = rules.get(theme)?.holding ?? '';
  const scheme = thesaurus.get(holding)?.scheme;
  const ids = [...thesaurus.values()].filter((one) => one.scheme === scheme).map((one) => one.id);
  return [holding, ...ids.slice(0, 24)];
}

/** Two things up to 300 m apart, as well or badly placed and named as it happens, of whatever they may be. */
function pairs(theme: string): fc.Arbitrary<Pair> {
  const concept = fc.oneof(
    { arbitrary: fc.constant(null), weight: 1 },
    { arbitrary: fc.constant('unknown-term'), weight: 1 },
    { arbitrary: fc.constantFrom(...termsOf(theme)), weight: 8 },
  );
  const accuracy_m = fc.constantFrom(null, 0, 3, 8, 40, 100, 3_000);
  const name = fc.constantFrom(
    null,
    '',
    'Chez Paul',
    'chez  PAUL',
    'Boulangerie Paul',
    'Pâtisserie-boulangerie de l’Hôtel',
    'Boulangerie de l’hôtel',
    'Œuf & Cie',
    'oeufs et cie',
    'Bar',
    'Bars',
  );
  const thing = (reach: number) =>
    fc
      .tuple(
        fc.integer({ min: -reach, max: reach }),
        fc.integer({ min: -reach, max: reach }),
        accuracy_m,
        concept,
        name,
      )
      .map(([east, north, accuracy, what, called]) => ({
        concept: what,
        name: called,
        geom: { lon: 2.5 + east * 1e-5, lat: 43.2 + north * 1e-5, accuracy_m: accuracy },
      }));
  return fc.record({ theme: fc.constant(theme), a: thing(10), b: thing(200) });
}

/** Both say the same sphere; its radius differs by 0.2 m in 6 371 km. */
const isOnTheLine = ({ a, b }: Pair, { radiusMeters }: DuplicateRule) =>
  Math.abs(distanceMeters(a.geom, b.geom) - radiusMeters - accuracyReach(a.geom) - accuracyReach(b.geom)) <
  0.01;

test.each(THEMES)('the phone and the server call the same pairs duplicates: %s', async (theme) => {
  const rule = rules.get(theme);
  if (!rule) throw new Error(`no theme ${theme}`);
  const tried = fc.sample(pairs(theme), 1_000).filter((pair) => !isOnTheLine(pair, rule));
  // Names hold quotes of all sorts.
  const rows = JSON.stringify(tried).replaceAll("'", "''");
  const [answer = ''] = await database.run(`
    select string_agg(case when private.may_be_same(theme, pa, aa, ac, an, pb, ba, bc, bn) then '1' else '0' end
        || case when private.may_be_same(theme, pb, ba, bc, bn, pa, aa, ac, an) then '1' else '0' end, '' order by n)
    from (
      select n, p ->> 'theme' as theme, p #>> '{a,concept}' as ac, p #>> '{b,concept}' as bc, p #>> '{a,name}' as an, p #>> '{b,name}' as bn,
        (p #>> '{a,geom,accuracy_m}')::float8 as aa, (p #>> '{b,geom,accuracy_m}')::float8 as ba,
        extensions.st_setsrid(extensions.st_makepoint((p #>> '{a,geom,lon}')::float8, (p #>> '{a,geom,lat}')::float8), 4326) as pa,
        extensions.st_setsrid(extensions.st_makepoint((p #>> '{b,geom,lon}')::float8, (p #>> '{b,geom,lat}')::float8), 4326) as pb
      from jsonb_array_elements('${rows}') with ordinality as t (p, n)) as pairs`);
  const same = tried.map(({ a, b }) => mayBeSame(a, b, thesaurus, rule));
  expect(tried.map(({ a, b }) => mayBeSame(b, a, thesaurus, rule))).toEqual(same);
  expect(answer).toBe(same.map((is) => (is ? '11' : '00')).join(''));
  // Both answers were met, and not once.
  const share = same.filter(Boolean).length / same.length;
  expect(share).toBeGreaterThan(0.05);
  expect(share).toBeLessThan(0.9);
});
