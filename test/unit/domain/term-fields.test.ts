import { describe, expect, it } from 'vitest';

import { type DeskConcept, deskConceptSchema } from '../../../src/domain/thesaurus/desk-concept.ts';
import { changesOf, fieldsOf, rebase } from '../../../src/domain/thesaurus/fields.ts';
import { namesakes } from '../../../src/domain/thesaurus/namesakes.ts';
import {
  fieldFaults,
  mergeRefusal,
  moveRefusal,
  replaceRefusal,
  restoreRefusal,
  useRefusal,
} from '../../../src/domain/thesaurus/operations.ts';

const concept = (id: string, over: object = {}): DeskConcept =>
  deskConceptSchema.parse({ id, scheme: 'heritage', labels: { fr: id }, ...over });
const lavoir = concept('lavoir', {
  labels: { fr: 'Lavoir', oc: 'Lavador' },
  alt: { fr: ['Bugadière'] },
  definition: { fr: 'Où on lave.' },
  broader: 'eau',
  unverified: ['oc'],
});
const terms = new Map(
  [
    concept('eau'),
    lavoir,
    concept('couvert', { broader: 'lavoir' }),
    concept('couvert-rond', { broader: 'couvert' }),
    concept('croix'),
    concept('vieux', { status: 'deprecated', replaced_by: 'lavoir' }),
  ].map((one) => [one.id, one]),
);
const seen = fieldsOf(lavoir);

describe('what somebody changed of a term', () => {
  it('is sent field by field, from what they saw to what they want, and nothing that says the same', () => {
    expect(changesOf(seen, { ...seen })).toEqual({});
    const typed = {
      ...seen,
      'labels.fr': ' Lavoir public ',
      'labels.oc': '',
      'labels.ca': 'Safareig',
      'alt.fr': ['Bugadière', '', ' Lavadou ', 'Lavadou'],
      'definition.fr': 'Où on lave. ',
    };
    expect(changesOf(seen, typed)).toEqual({
      'labels.fr': { from: 'Lavoir', to: 'Lavoir public' },
      'labels.oc': { from: 'Lavador', to: null },
      'labels.ca': { from: null, to: 'Safareig' },
      'alt.fr': { from: ['Bugadière'], to: ['Bugadière', 'Lavadou'] },
    });
  });

  it('is carried over to what the term has become, and both texts are told where both changed one', () => {
    const typed = {
      ...seen,
      'labels.fr': 'Lavoir communal',
      'alt.fr': ['Bugadière', 'Lavadou'],
      notation: 'L1',
    };
    const now = {
      ...seen,
      'labels.fr': 'Lavoir public',
      'alt.fr': ['Bugadière', 'Bugadier'],
      'definition.fr': 'Bassin.',
    };
    const rebased = rebase(seen, typed, now);
    expect(rebased.conflicts).toEqual([{ path: 'labels.fr', mine: 'Lavoir communal', now: 'Lavoir public' }]);
    expect(rebased.taken).toEqual(expect.arrayContaining(['definition.fr', 'alt.fr']));
    expect(rebased.typed).toMatchObject({
      'labels.fr': 'Lavoir communal',
      'alt.fr': ['Bugadière', 'Bugadier', 'Lavadou'],
      'definition.fr': 'Bassin.',
      notation: 'L1',
    });
  });

  it('is no conflict where both wrote the same', () => {
    const typed = { ...seen, 'labels.fr': 'Lavoir public' };
    expect(rebase(seen, typed, typed)).toMatchObject({ conflicts: [], taken: [] });
  });
});

describe('what cannot be done says why', () => {
  it('to move', () => {
    expect(moveRefusal(terms, 'lavoir', 'croix')).toBeNull();
    expect(moveRefusal(terms, 'lavoir', null)).toBeNull();
    expect(moveRefusal(terms, 'croix', null)).toBe('already_there');
    expect(moveRefusal(terms, 'lavoir', 'eau')).toBe('already_there');
    expect(moveRefusal(terms, 'lavoir', 'lavoir')).toBe('itself');
    expect(moveRefusal(terms, 'lavoir', 'couvert-rond')).toBe('below');
    expect(moveRefusal(terms, 'lavoir', 'vieux')).toBe('target_deprecated');
    expect(moveRefusal(terms, 'vieux', 'eau')).toBe('deprecated');
    expect(moveRefusal(terms, 'lavoir', 'nowhere')).toBe('unknown');
  });

  it('to merge: into what lies directly below it can, further below it cannot', () => {
    expect(mergeRefusal(terms, 'lavoir', 'croix')).toBeNull();
    expect(mergeRefusal(terms, 'lavoir', 'couvert')).toBeNull();
    expect(mergeRefusal(terms, 'lavoir', 'couvert-rond')).toBe('below');
    expect(mergeRefusal(terms, 'lavoir', 'lavoir')).toBe('itself');
    expect(mergeRefusal(terms, 'vieux', 'lavoir')).toBe('deprecated');
  });

  it('to replace and to restore', () => {
    expect(replaceRefusal(terms, 'lavoir', 'vieux')).toBe('target_deprecated');
    expect(replaceRefusal(terms, 'lavoir', 'couvert-rond')).toBeNull();
    expect(restoreRefusal(terms.get('vieux'))).toBeNull();
    expect(restoreRefusal(lavoir)).toBe('in_use');
    expect(useRefusal(undefined)).toBe('unknown');
  });

  it('to save: without a name, or with one word twice in a language', () => {
    expect(fieldFaults(seen)).toEqual([]);
    expect(fieldFaults({ ...seen, 'labels.fr': ' ', 'labels.oc': '' })).toEqual([
      { path: 'labels.fr', code: 'no_label' },
    ]);
    expect(fieldFaults({ ...seen, 'alt.fr': ['Lavoir '] })).toEqual([
      { path: 'alt.fr', code: 'labels_meet' },
    ]);
    expect(fieldFaults({ ...seen, 'hidden.fr': ['Bugadière'] })).toEqual([
      { path: 'hidden.fr', code: 'labels_meet' },
    ]);
    expect(fieldFaults({ ...seen, 'alt.oc': ['Lavoir'] })).toEqual([]);
  });
});

describe('names that another term has already', () => {
  it('are told whatever case and accents, in the same language, of other terms only', () => {
    const typed = { 'labels.fr': 'LAVOIR', 'alt.fr': ['bugadiere'], 'labels.ca': 'Lavoir' };
    expect(namesakes(terms, typed, null)).toEqual([
      { path: 'labels.fr', concept: 'lavoir', text: 'Lavoir' },
      { path: 'alt.fr', concept: 'lavoir', text: 'Bugadière' },
    ]);
    expect(namesakes(terms, typed, 'lavoir')).toEqual([]);
    expect(namesakes(terms, { 'labels.fr': 'vieux' }, null)).toEqual([]);
  });
});
