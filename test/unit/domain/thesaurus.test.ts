import { describe, expect, it } from 'vitest';

import { conceptSchema } from '../../../src/domain/concept.ts';
import { conceptLabel } from '../../../src/domain/thesaurus/label.ts';
import { buildConceptIndex } from '../../../src/domain/thesaurus/concept-index.ts';
import { searchConcepts } from '../../../src/domain/thesaurus/search.ts';
import {
  ancestors,
  currentConcept,
  isSibling,
  narrower,
  thesaurusOf,
  withNarrower,
} from '../../../src/domain/thesaurus/tree.ts';

const concept = (id: string, over: object = {}) =>
  conceptSchema.parse({ id, scheme: 'heritage', labels: { fr: id }, ...over });

const concepts = [
  concept('eau', { labels: { fr: 'Édifice de l’eau' } }),
  concept('lavoir', {
    labels: { fr: 'Lavoir', oc: 'Lavador', ca: 'Safareig', en: 'Wash-house' },
    alt: { fr: ['Bugadière'] },
    hidden: { fr: ['lavoire'] },
    broader: 'eau',
    unverified: ['oc'],
  }),
  concept('fontaine', { labels: { fr: 'Fontaine' }, broader: 'eau' }),
  concept('fontaine-lavoir', { labels: { fr: 'Fontaine-lavoir' }, broader: 'fontaine' }),
  concept('croix', { labels: { fr: 'Croix de chemin' } }),
  concept('vieux', { labels: { fr: 'Lavoir ancien' }, status: 'deprecated', replaced_by: 'lavoir' }),
];
const index = buildConceptIndex(concepts);
const thesaurus = thesaurusOf(concepts);
const ids = (text: string) => searchConcepts(index, text, 'fr').map((hit) => hit.concept.id);

describe('searching a thesaurus', () => {
  it('puts the exact term first, whatever accents and case', () => {
    expect(ids('LAVOIR')).toEqual(['lavoir', 'fontaine-lavoir']);
    expect(ids('edifice')).toEqual(['eau']);
    expect(ids('chemin croix')).toEqual(['croix']);
  });

  it('finds by synonym, misspelling and other languages, and says the term', () => {
    expect(searchConcepts(index, 'bugadiere', 'fr')[0]).toMatchObject({
      label: 'Lavoir',
      matched: 'Bugadière',
    });
    expect(ids('lavoire')).toEqual(['lavoir']);
    expect(ids('safareig')).toEqual(['lavoir']);
  });

  it('searches a label that nobody validated, without showing it', () => {
    expect(searchConcepts(index, 'lavador', 'oc')[0]).toMatchObject({ label: 'Lavoir', matched: null });
    expect(conceptLabel(thesaurus.get('lavoir') ?? concept('x'), 'oc')).toBe('Lavoir');
    expect(conceptLabel(thesaurus.get('lavoir') ?? concept('x'), 'en')).toBe('Wash-house');
  });

  it('offers no deprecated term, and nothing for nothing', () => {
    expect(ids('ancien')).toEqual([]);
    expect(ids('  ')).toEqual([]);
  });
});

describe('the tree of terms', () => {
  it('goes up, down and along', () => {
    expect(ancestors(thesaurus, 'fontaine-lavoir')).toEqual(['fontaine', 'eau']);
    expect(narrower(thesaurus, 'eau').map((one) => one.id)).toEqual(['lavoir', 'fontaine']);
    expect([...withNarrower(thesaurus, 'eau')].sort()).toEqual([
      'eau',
      'fontaine',
      'fontaine-lavoir',
      'lavoir',
    ]);
    expect(currentConcept(thesaurus, 'vieux')?.id).toBe('lavoir');
    expect(isSibling(thesaurus, 'lavoir', 'fontaine')).toBe(true);
    expect(isSibling(thesaurus, 'fontaine', 'fontaine-lavoir')).toBe(true);
    expect(isSibling(thesaurus, 'lavoir', 'croix')).toBe(false);
    // The tops of a tree are its domains.
    expect(isSibling(thesaurus, 'eau', 'croix')).toBe(false);
  });

  it('has siblings where there is no tree', () => {
    const flat = ['mast', 'lantern'].map((id) => concept(id, { scheme: 'lights' }));
    const both = thesaurusOf([...concepts, ...flat]);
    expect(isSibling(both, 'mast', 'lantern')).toBe(true);
    expect(isSibling(both, 'mast', 'croix')).toBe(false);
    expect(isSibling(both, 'mast', 'unknown')).toBe(false);
  });

  it('does not go round for ever', () => {
    const ring = thesaurusOf([concept('a', { broader: 'b' }), concept('b', { broader: 'a' })]);
    expect(ancestors(ring, 'a')).toEqual(['b']);
    expect(withNarrower(ring, 'a').size).toBe(2);
  });
});
