import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { type Concept, conceptSchema } from '../../../src/domain/concept.ts';
import { type Aligned, alignValue, buildAligner } from '../../../src/domain/thesaurus/align.ts';
import { AlikeNames } from '../../../src/domain/thesaurus/align-alike.ts';
import { DecidedBefore } from '../../../src/domain/thesaurus/align-decided.ts';
import { namesOf } from '../../../src/domain/thesaurus/align-names.ts';
import { pastedValues } from '../../../src/domain/thesaurus/align-values.ts';
import { formsOf } from '../../../src/domain/thesaurus/align-words.ts';
import { likeness, trigramsOf } from '../../../src/domain/thesaurus/likeness.ts';
import { thesaurusOf } from '../../../src/domain/thesaurus/tree.ts';

function seed(name: string): Concept[] {
  const file = join(import.meta.dirname, `../../../supabase/seed/thesaurus/${name}.json`);
  const { concepts } = JSON.parse(readFileSync(file, 'utf8')) as { concepts: object[] };
  return concepts.map((one) => conceptSchema.parse({ scheme: name, ...one }));
}

const heritage = seed('petit-patrimoine');
const aligner = buildAligner(heritage);
const read = (value: string, from = aligner): Aligned =>
  alignValue(from, { value, count: 1 }, new DecidedBefore([], 'x', from.thesaurus));
const told = (value: string, from = aligner) => {
  const { suggestions, isSure } = read(value, from);
  return [suggestions[0]?.concept.id, suggestions[0]?.why, isSure];
};

describe('a value of a legacy database', () => {
  test.each([
    ['Lavoir', 'lavoir', 'label'],
    ['LAVOIRS', 'lavoir', 'plural'],
    ['Croix du chemin', 'croix-chemin', 'folded'],
    ['CROIX-DE-CHEMIN', 'croix-chemin', 'folded'],
    ['Lavoir(s)', 'lavoir', 'folded'],
    ['Type : lavoir', 'lavoir', 'label'],
    ['12 - Lavoir', 'lavoir', 'label'],
    ['Lavoir n° 3', 'lavoir', 'label'],
    ['Monument aux morts 1914-1918', 'monument-morts', 'label'],
  ])('%s is %s beyond doubt (%s)', (value, concept, why) => {
    expect(told(value)).toEqual([concept, why, true]);
  });

  test.each([
    ['Ancien lavoir communal', 'lavoir', 'part'],
    ['Lavoire', 'lavoir', 'trigram'],
  ])('%s may be %s, and somebody must look', (value, concept, why) => {
    expect(told(value)).toEqual([concept, why, false]);
  });

  test('with several terms is doubtful, with all of them', () => {
    for (const value of [
      'lavoir ; fontaine',
      'Lavoir / Fontaine',
      'Lavoir et fontaine',
      'Fontaine (lavoir)',
    ]) {
      const { suggestions, isSure, isSeveral } = read(value);
      expect([isSure, isSeveral], value).toEqual([false, true]);
      expect(
        suggestions
          .slice(0, 2)
          .map(({ concept }) => concept.id)
          .sort(),
      ).toEqual(['fontaine', 'lavoir']);
    }
    expect(told('Lavoir / lavoirs')).toEqual(['lavoir', 'part', true]);
  });

  test('that names nothing has no suggestion', () => {
    expect(read('Xyzzy')).toMatchObject({ suggestions: [], isSure: false });
    expect(read('?')).toMatchObject({ suggestions: [], isSure: false });
  });

  test('accents tell two names apart where the value has them, and only there', () => {
    const market = buildAligner([
      conceptSchema.parse({ id: 'market', scheme: 's', labels: { fr: 'Marché' } }),
      conceptSchema.parse({ id: 'step', scheme: 's', labels: { fr: 'Marche' } }),
    ]);
    expect(told('marché', market)).toEqual(['market', 'label', true]);
    expect(told('MARCHE', market)[2]).toBe(false);
  });

  test('that a term of Mérimée or a tag matches exactly is sure; closely or unchecked, it is not', () => {
    const make = (matches: Record<string, string[]>) =>
      buildAligner([
        conceptSchema.parse({
          id: 'c',
          scheme: 's',
          labels: { fr: 'Croix de bord' },
          matches,
          notation: 'CX-1',
        }),
      ]);
    const exact = make({ exact: ['osm:historic=wayside_cross', 'merimee:croix de chemin'] });
    for (const value of [
      'historic=wayside_cross',
      'wayside_cross',
      'Croix de chemin',
      'osm:historic=wayside_cross',
      'cx-1',
    ]) {
      expect(told(value, exact), value).toEqual(['c', 'match', true]);
    }
    expect(told('wayside_cross', make({ close: ['osm:historic=wayside_cross'] }))).toEqual([
      'c',
      'match',
      false,
    ]);
    const unchecked = make({ exact: ['merimee:calvaire'], unverified: ['merimee:calvaire'] });
    expect(told('calvaire', unchecked)).toEqual(['c', 'match', false]);
  });

  test('that only a label without source says is not sure', () => {
    const concept = { id: 'c', scheme: 's', labels: { fr: 'Croix', oc: 'Crotz' }, unverified: ['oc'] };
    expect(told('Crotz', buildAligner([conceptSchema.parse(concept)]))).toEqual(['c', 'label', false]);
  });

  test('that names a deprecated concept is answered by what replaced it, or by nothing', () => {
    const of = (over: object) => conceptSchema.parse({ scheme: 's', ...over });
    const changed = buildAligner([
      of({ id: 'new', labels: { fr: 'Lavoir' } }),
      of({ id: 'old', labels: { fr: 'Buanderie' }, status: 'deprecated', replaced_by: 'new' }),
      of({ id: 'gone', labels: { fr: 'Gargouille' }, status: 'deprecated' }),
    ]);
    expect(told('Buanderie', changed)).toEqual(['new', 'label', true]);
    expect(read('Gargouille', changed).suggestions).toEqual([]);
    const before = new DecidedBefore(
      [
        { source: 'x', value: 'A', concept: 'old' },
        { source: 'x', value: 'B', concept: 'gone' },
      ],
      'x',
      changed.thesaurus,
    );
    expect(alignValue(changed, { value: 'A', count: 1 }, before).decided?.id).toBe('new');
    expect(alignValue(changed, { value: 'B', count: 1 }, before).decided).toBeUndefined();
  });
});

test('the names alike are those that comparing with each finds', () => {
  const names = heritage.flatMap((concept) => [...namesOf(concept, thesaurusOf(heritage))]);
  const alike = new AlikeNames(trigramsOf);
  for (const name of names) alike.add(name);
  for (const value of ['Lavoire', 'fontaine couverte', 'croix', 'moulin a vant', 'pigonnier', 'sechoir']) {
    const { stem } = formsOf(value);
    const expected = names.map((name) => likeness(stem, name.forms.stem)).filter((share) => share >= 0.4);
    const found = alike.find(stem, 0.4, 10_000);
    expect(
      found.map(({ share }) => share.toFixed(6)),
      value,
    ).toEqual(expected.sort((a, b) => b - a).map((share) => share.toFixed(6)));
    expect(alike.find(stem, 0.4, 3).map(({ share }) => share)).toEqual(
      found.slice(0, 3).map(({ share }) => share),
    );
  }
});

test('a pasted list: one value a line, with its count after a tab, empty ones and NULL left out', () => {
  expect(pastedValues('Lavoir\t12\r\nCroix\n\n Lavoir \nNULL\nPont\tde pierre\t3')).toEqual([
    { value: 'Lavoir', count: 13 },
    { value: 'Pont de pierre', count: 3 },
    { value: 'Croix', count: 1 },
  ]);
});
