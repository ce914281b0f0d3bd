import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { type Concept, conceptSchema } from '../../../src/domain/concept.ts';
import { findDuplicates, mayBeSame, duplicateRule, type Newcomer } from '../../../src/domain/duplicates.ts';
import { LIMITS } from '../../../src/domain/limits.ts';
import { type Point, pointSchema } from '../../../src/domain/point.ts';
import { type Theme, themeSchema } from '../../../src/domain/theme.ts';
import { thesaurusOf } from '../../../src/domain/thesaurus/tree.ts';

const seeds = join(import.meta.dirname, '../../../supabase/seed');
const seeded = async (path: string): Promise<Record<string, unknown>> =>
  JSON.parse(await readFile(join(seeds, path), 'utf8')) as Record<string, unknown>;

async function themeOf(id: string): Promise<Theme> {
  return themeSchema.parse({ form_rev: 1, ...(await seeded(`themes/${id}.json`)) });
}
async function conceptsOf(scheme: string): Promise<Concept[]> {
  const { concepts } = await seeded(`thesaurus/${scheme}.json`);
  return (concepts as object[]).map((one) => conceptSchema.parse({ ...one, scheme }));
}

const [heritage, lighting, accessibility] = await Promise.all(
  ['heritage', 'lighting', 'accessibility'].map(themeOf),
);
const concepts = await Promise.all(['petit-patrimoine', 'eclairage', 'acceslibre-activites'].map(conceptsOf));
const thesaurus = thesaurusOf(concepts.flat());

const AT = { lon: 2.35, lat: 43.2 };
const EAST_M = 1 / (111_195 * Math.cos((AT.lat * Math.PI) / 180));
let made = 0;

/** A known point so many metres east of the newcomer. */
function known(theme: string, meters: number, concept: string | null, over: object = {}): Point {
  return pointSchema.parse({
    id: `known-${++made}`,
    rev: 1,
    v: 1,
    theme,
    status: 'published',
    concept,
    geom: { lon: AT.lon + meters * EAST_M, lat: AT.lat, source: 'gps' },
    ...over,
  });
}
const newcomer = (theme: string, concept: string | null, name: string | null = null): Newcomer => ({
  id: 'new',
  theme,
  concept,
  name,
  geom: AT,
});
const reasons = (theme: Theme | undefined, who: Newcomer, ...points: Point[]) =>
  findDuplicates(who, points, thesaurus, theme).map(({ why }) => why);

describe('what may be the same thing', () => {
  it('is any other light within 15 m: their vocabulary has no tree', () => {
    const lights = (concepts[1] ?? []).map(({ id }) => id);
    for (const a of lights) {
      for (const b of lights) {
        expect(
          reasons(lighting, newcomer('lighting', a), known('lighting', 10, b)),
          `${a}, ${b}`,
        ).toHaveLength(1);
      }
    }
    expect(reasons(lighting, newcomer('lighting', 'lampadaire'), known('lighting', 16, 'lanterne'))).toEqual(
      [],
    );
  });

  it('takes the holding term for no term: proposing a word keeps the card', () => {
    for (const [a, b] of [
      ['autre', 'lavoir'],
      ['lavoir', 'autre'],
      ['autre', 'autre'],
      [null, 'lavoir'],
    ] as const) {
      expect(reasons(heritage, newcomer('heritage', a), known('heritage', 10, b))).toEqual([['unnamed']]);
    }
    expect(reasons(heritage, newcomer('heritage', 'lavoir'), known('heritage', 10, 'croix'))).toEqual([]);
  });

  it('keeps neighbours of a shopping street apart, unless their names are alike', () => {
    const here = (concept: string | null, name: string | null, other: string, otherName: string | null) =>
      reasons(
        accessibility,
        newcomer('accessibility', concept, name),
        known('accessibility', 30, other, { attributes: otherName ? { name: otherName } : {} }),
      );
    expect(here('boulangerie-patisserie', 'Chez Paul', 'coiffure', 'Hair du temps')).toEqual([]);
    expect(here('boulangerie-patisserie', null, 'coiffure', null)).toEqual([]);
    expect(here('boulangerie-patisserie', 'Chez Paul', 'boulangerie-patisserie', 'Le Fournil')).toEqual([
      ['same_concept'],
    ]);
    expect(
      here('boulangerie-patisserie', 'Boulangerie Paul', 'chocolatier', 'Pâtisserie Boulangerie Paul'),
    ).toEqual([['similar_name']]);
    expect(here('boulangerie-patisserie', 'Chez Paul', 'chocolatier', 'CHEZ PAUL')).toEqual([['same_name']]);
    expect(here('autre-erp', null, 'coiffure', 'Hair du temps')).toEqual([['unnamed']]);
    expect(here(null, 'Chez Paul', 'boulangerie-patisserie', 'Chez Paul')).toEqual([
      ['unnamed', 'same_name'],
    ]);
  });

  it('is the same whichever of the two is asked about, in every vocabulary', () => {
    for (const [index, theme] of [heritage, lighting, accessibility].entries()) {
      const ids = [null, ...(concepts[index] ?? []).slice(0, 40).map(({ id }) => id)];
      const rule = duplicateRule(theme);
      for (const a of ids) {
        for (const b of ids) {
          const [one, other] = [a, b].map((concept) => ({ concept, geom: AT }));
          if (!one || !other) continue;
          expect(mayBeSame(one, other, thesaurus, rule)).toBe(mayBeSame(other, one, thesaurus, rule));
        }
      }
    }
  });

  it('is of the same theme, still there, and not itself', () => {
    const others = [
      known('lighting', 5, null),
      known('heritage', 5, 'lavoir', { status: 'destroyed' }),
      known('heritage', 5, 'lavoir', { id: 'new' }),
    ];
    expect(reasons(heritage, newcomer('heritage', 'lavoir'), ...others)).toEqual([]);
  });

  it('shows the nearest first, and a few', () => {
    const points = [30, 10, 20, 5, 25, 15, 35].map((meters) => known('heritage', meters, 'lavoir'));
    const found = findDuplicates(newcomer('heritage', 'lavoir'), points, thesaurus, heritage);
    expect(found.map(({ distanceMeters }) => Math.round(distanceMeters))).toEqual([5, 10, 15, 20, 25]);
    expect(found).toHaveLength(LIMITS.duplicatesShown);
  });

  it('shows the sixth once five were ruled out', () => {
    const points = [10, 5, 30, 20, 15, 25].map((meters) => known('heritage', meters, 'lavoir'));
    const who = newcomer('heritage', 'lavoir');
    const shown = findDuplicates(who, points, thesaurus, heritage).map(({ point }) => point.id);
    const left = findDuplicates(who, points, thesaurus, heritage, new Set(shown));
    expect(left.map(({ point }) => point)).toEqual([points[2]]);
    const all = new Set(points.map(({ id }) => id));
    expect(findDuplicates(who, points, thesaurus, heritage, all)).toEqual([]);
  });
});
