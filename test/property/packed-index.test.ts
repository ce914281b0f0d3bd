import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { Concept } from '../../src/domain/concept.ts';
import { LANGUAGES } from '../../src/domain/language.ts';
import { buildConceptIndex } from '../../src/domain/thesaurus/concept-index.ts';
import { findTerms } from '../../src/domain/thesaurus/find-terms.ts';
import { buffersOf, packIndex, unpackSteps } from '../../src/domain/thesaurus/packed-index.ts';
import { thesaurusOf } from '../../src/domain/thesaurus/tree.ts';
import { TermIndexes } from '../../src/state/term-indexes.ts';
import { largeThesaurus } from '../support/thesaurus.ts';

const WORDS = ['croix', 'lavoir', 'puits de mine', 'Pèira seca', 'œuvre', 'croix de bois', 'crotz'];
const word = fc.constantFrom(...WORDS);
const language = fc.constantFrom(...LANGUAGES);
const concept = fc.record({
  labels: fc.dictionary(language, word, { minKeys: 1 }),
  alt: fc.dictionary(fc.oneof(language, fc.constant('de')), fc.uniqueArray(word, { maxLength: 3 })),
  hidden: fc.constant({}),
  status: fc.constantFrom('accepted' as const, 'accepted' as const, 'deprecated' as const),
  scheme: fc.constantFrom('one', 'other'),
});
const concepts = fc.array(concept, { maxLength: 12 }).map((all) =>
  all.map((said, n): Concept => ({
    ...said,
    id: `c${n}`,
    broader: null,
    related: [],
    matches: {},
    unverified: [],
    replaced_by: null,
  })),
);

/** As a worker's message does it. */
function travelled(all: readonly Concept[], scheme: string | undefined, spoken: (typeof LANGUAGES)[number]) {
  const packed = packIndex(buildConceptIndex(all, scheme, spoken), spoken);
  return structuredClone(packed, { transfer: buffersOf(packed) as ArrayBuffer[] });
}

function endOf<T>(steps: Generator<undefined, T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

const scheme = fc.option(fc.constantFrom('one', 'other'), { nil: undefined });

test('an index that a worker made finds what one made here finds', () => {
  fc.assert(
    fc.property(concepts, scheme, language, word, fc.nat(6), (all, one, spoken, typed, length) => {
      const unpacked = endOf(unpackSteps(travelled(all, one, spoken), thesaurusOf(all), one));
      const here = buildConceptIndex(all, one, spoken);
      expect(unpacked && { ...unpacked, words: unpacked.words.packed() }).toEqual({
        ...here,
        words: here.words.packed(),
        names: here.names.map((name) =>
          LANGUAGES.some((known) => known === name.language) ? name : { ...name, language: '' },
        ),
      });
      const text = typed.slice(0, length + 1);
      const found = (index: typeof here) => findTerms(index, text, spoken).map((hit) => hit.concept.id);
      expect(unpacked && found(unpacked)).toEqual(found(here));
    }),
  );
});

test('one made of other terms than the page has is not taken', () => {
  fc.assert(
    fc.property(concepts, scheme, language, concept, (all, one, spoken, more) => {
      const packed = travelled(all, one, spoken);
      const added: Concept = { ...(all[0] as Concept), ...more, id: 'new', status: 'accepted' };
      added.scheme = one ?? 'one';
      expect(endOf(unpackSteps(packed, thesaurusOf([...all, added]), one))).toBeNull();
      const gone = all.find((c) => c.status === 'accepted' && (!one || c.scheme === one));
      if (!gone) return;
      const without = all.filter((c) => c !== gone);
      expect(endOf(unpackSteps(packed, thesaurusOf(without), one))).toBeNull();
    }),
  );
});

test('the page takes what the worker made, and makes it itself where that is of another day', async () => {
  const all = largeThesaurus(300);
  const thesaurus = thesaurusOf(all);
  const idsOf = (indexes: TermIndexes) => indexes.of('large').concepts.map((one) => one.id);
  let asked = 0;
  const indexes = (terms: readonly Concept[]) =>
    new TermIndexes(
      () => thesaurus,
      () => 'fr',
      () => {
        asked += 1;
        return Promise.resolve(travelled(terms, 'large', 'fr'));
      },
    );
  const taken = indexes(all);
  await Promise.all([taken.prepare('large'), taken.prepare('large')]);
  expect(asked).toBe(1);
  const old = indexes(all.slice(1));
  await old.prepare('large');
  const here = new TermIndexes(
    () => thesaurus,
    () => 'fr',
  );
  await here.prepare('large');
  expect(idsOf(taken)).toEqual(idsOf(here));
  expect(idsOf(old)).toEqual(idsOf(here));
});
