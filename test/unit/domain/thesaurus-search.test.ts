import { describe, expect, it } from 'vitest';

import { conceptSchema } from '../../../src/domain/concept.ts';
import { buildConceptIndex } from '../../../src/domain/thesaurus/concept-index.ts';
import { fold } from '../../../src/domain/thesaurus/fold.ts';
import { searchConcepts } from '../../../src/domain/thesaurus/search.ts';
import { narrower, thesaurusOf } from '../../../src/domain/thesaurus/tree.ts';
import { byUse, noteUse, type UsedTerm, useShares } from '../../../src/domain/thesaurus/used.ts';
import { largeThesaurus } from '../../support/thesaurus.ts';

const concepts = largeThesaurus(5_000);
const index = buildConceptIndex(concepts, 'large');

/** What a search must find, by reading every name of every concept. */
function foundByReading(text: string): Set<string> {
  const parts = fold(text).split(' ');
  const matches = (name: string) => parts.every((part) => ` ${fold(name)}`.includes(` ${part}`));
  const namesOf = (concept: (typeof concepts)[number]) => [
    ...Object.values(concept.labels),
    ...Object.values(concept.alt).flat(),
    ...Object.values(concept.hidden).flat(),
  ];
  return new Set(concepts.filter((one) => namesOf(one).some(matches)).map((one) => one.id));
}

describe('among 5 000 concepts', () => {
  it.each([
    'f',
    'fo',
    'font',
    'FONTAINE',
    'crotz del',
    'bosc crotz',
    'oeuv',
    'œuv',
    'eglis',
    'vent',
    'a',
    'd en haut',
  ])('"%s" finds all that reading every name finds', (text) => {
    const hits = searchConcepts(index, text, 'fr', { limit: 5_000 });
    const found = new Set(hits.map((hit) => hit.concept.id));
    const expected = foundByReading(text);
    expect(expected.size).toBeGreaterThan(0);
    expect([...expected].filter((id) => !found.has(id))).toEqual([]);
    // Few matches: words that hold the text inside are added, after the others.
    const added = hits.findIndex((hit) => !expected.has(hit.concept.id));
    if (added >= 0) expect(hits.slice(added).some((hit) => expected.has(hit.concept.id))).toBe(false);
  });

  it('the best come first, and no more than asked', () => {
    const [label = ''] = [concepts[1234]?.labels['fr'] ?? ''];
    const hits = searchConcepts(index, label.toUpperCase(), 'fr');
    expect(hits[0]?.concept.labels['fr']).toBe(label);
    expect(searchConcepts(index, 'c', 'fr')).toHaveLength(20);
    const scores = searchConcepts(index, 'font', 'oc', { limit: 300 }).map((hit) => hit.score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  });

  it('the hierarchy is walked down to every concept', () => {
    const thesaurus = thesaurusOf(concepts);
    const walk = (id: string | null): string[] =>
      narrower(thesaurus, id, 'large').flatMap((one) => [one.id, ...walk(one.id)]);
    expect(new Set(walk(null)).size).toBe(5_000);
  });
});

describe('what a person uses', () => {
  const concept = (id: string, label: string) =>
    conceptSchema.parse({ id, scheme: 's', labels: { fr: label } });
  const small = buildConceptIndex([
    concept('a', 'Croix'),
    concept('b', 'Crose'),
    concept('c', 'Vieille croix'),
  ]);
  const ids = (used: Record<string, number>) =>
    searchConcepts(small, 'cro', 'fr', { shares: new Map(Object.entries(used)) }).map(
      (hit) => hit.concept.id,
    );

  it('comes first among equal matches, and never before a better one', () => {
    expect(ids({})).toEqual(['a', 'b', 'c']);
    expect(ids({ b: 1 })).toEqual(['b', 'a', 'c']);
    expect(ids({ c: 1 })).toEqual(['a', 'b', 'c']);
  });

  it('is recent and frequent first; a use fades by half each month', () => {
    const day = (n: number) => new Date(Date.UTC(2026, 4, 1 + n));
    let list: UsedTerm[] = [];
    for (let n = 0; n < 5; n++) list = noteUse(list, 'lavoir', day(n));
    list = noteUse(list, 'croix', day(6));
    expect(byUse(list, day(6)).map((one) => one.concept)).toEqual(['lavoir', 'croix']);
    expect(useShares(list, day(6)).get('lavoir')).toBe(1);
    list = noteUse(list, 'croix', day(100));
    expect(byUse(list, day(100)).map((one) => one.concept)).toEqual(['croix', 'lavoir']);
    for (let n = 0; n < 60; n++) list = noteUse(list, `t${n}`, day(101));
    expect(list).toHaveLength(40);
    expect(byUse([], day(0))).toEqual([]);
  });
});

it('a point inside a word, as Catalan and Gascon write it, separates nothing', () => {
  const found = buildConceptIndex([
    conceptSchema.parse({ id: 'a', scheme: 's', labels: { ca: 'Capella del col·legi' } }),
  ]);
  for (const text of ['collegi', 'col·legi', 'COL·LEGI cap']) {
    expect(searchConcepts(found, text, 'ca')).toHaveLength(1);
  }
});
