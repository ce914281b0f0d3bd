import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { type Concept, conceptSchema } from '../../src/domain/concept.ts';
import { LANGUAGES, type Language } from '../../src/domain/language.ts';
import { buildConceptIndex } from '../../src/domain/thesaurus/concept-index.ts';
import { fold } from '../../src/domain/thesaurus/fold.ts';
import { conceptLabel } from '../../src/domain/thesaurus/label.ts';
import { searchConcepts } from '../../src/domain/thesaurus/search.ts';

/** Few words, that begin and hold each other: most queries find something, many find a lot. */
const aWord = fc.constantFrom(
  ...['croix', 'Crois', 'cro', 'roi', 'de', 'del', 'la', 'l’eau', 'œuvre', 'oeuf', 'col·legi', 'pònt'],
);
const aName = fc.array(aWord, { minLength: 1, maxLength: 4 }).map((words) => words.join(' '));
const someNames = fc.dictionary(fc.constantFrom(...LANGUAGES), fc.array(aName, { maxLength: 2 }), {
  maxKeys: 2,
});
const aConcept = fc.record({
  labels: fc.dictionary(fc.constantFrom(...LANGUAGES), aName, { minKeys: 1, maxKeys: 4 }),
  alt: someNames,
  hidden: someNames,
  unverified: fc.subarray([...LANGUAGES]),
  status: fc.constantFrom('accepted', 'accepted', 'deprecated'),
});
const aThesaurus = fc
  .array(aConcept, { minLength: 1, maxLength: 30 })
  .map((concepts) => concepts.map((one, n) => conceptSchema.parse({ id: `c${n}`, scheme: 's', ...one })));
/** What is typed: words, the last one cut anywhere. */
const aQuery = fc
  .tuple(fc.array(aWord, { maxLength: 2 }), aWord, fc.nat(6))
  .map(([words, last, cut]) => [...words, last.slice(0, last.length - cut)].join(' '));

/**
 * How a name answers, from the best: the whole of it; for one word of three letters at least, that very word; its
 * beginning, words together, in order, apart; then inside words.
 */
function closenessOf(name: string, query: string): number | null {
  const parts = query.split(' ');
  const inOneWord = (test: (word: string, part: string) => boolean) =>
    parts.every((part) => name.split(' ').some((word) => test(word, part)));
  const words = name.split(' ');
  if (name === query) return 200;
  if (query.length >= 3 && words.includes(query)) return words[0] === query ? 175 : 150;
  if (name.startsWith(query)) return 125;
  if (` ${name}`.includes(` ${query}`)) return 100;
  if (inOneWord((word, part) => word.startsWith(part))) {
    const inOrder = [...new Set(parts)].map((part) => ` ${part}[^ ]*`).join('.*');
    return new RegExp(inOrder).test(` ${name}`) ? 75 : 50;
  }
  if (!parts.every((part) => part.length >= 3)) return null;
  if (inOneWord((word, part) => word.includes(part))) return name.includes(query) ? 25 : 0;
  return null;
}

/** The same search by reading everything: what each name is worth, then all concepts in order. */
function byReading(concepts: readonly Concept[], text: string, language: Language, limit: number) {
  const query = fold(text);
  if (query === '') return [];
  const worth = (one: string, own: string, weight: number) => {
    const closeness = closenessOf(fold(one), query);
    return closeness === null ? [] : [closeness + weight + (own === language ? 3 : 0)];
  };
  const found = concepts
    .filter((concept) => concept.status === 'accepted')
    .map((concept) => {
      const labels = Object.entries(concept.labels).flatMap(([own, one]) => worth(one, own, 12));
      const others = [
        ...Object.entries(concept.alt).map(([own, names]) => [own, names, 8] as const),
        ...Object.entries(concept.hidden).map(([own, names]) => [own, names, 4] as const),
      ].flatMap(([own, names, weight]) => names.flatMap((one) => worth(one, own, weight)));
      return {
        id: concept.id,
        label: conceptLabel(concept, language),
        score: Math.max(...labels, ...others),
      };
    })
    .filter(({ score }) => score > 0);
  // Inside words only when few begin with what was typed.
  const beginning = found.filter(({ score }) => score > 50);
  return (beginning.length < limit ? found : beginning)
    .sort(
      (a, b) =>
        b.score - a.score ||
        a.label.length - b.label.length ||
        (a.label < b.label ? -1 : a.label > b.label ? 1 : 0),
    )
    .slice(0, limit);
}

test('the search finds what reading every name finds, in the same order', () => {
  let found = 0;
  fc.assert(
    fc.property(
      aThesaurus,
      fc.array(aQuery, { minLength: 5, maxLength: 5 }),
      fc.constantFrom(...LANGUAGES),
      fc.constantFrom(3, 20),
      (concepts, queries, language, limit) => {
        const index = buildConceptIndex(concepts);
        for (const query of queries) {
          const expected = byReading(concepts, query, language, limit);
          const hits = searchConcepts(index, query, language, { limit });
          found += hits.length;
          expect(
            hits.map(({ concept, label, score }) => ({ id: concept.id, label, score })),
            query,
          ).toEqual(expected);
        }
      },
    ),
    { numRuns: 600 },
  );
  // A generator that finds nothing would prove nothing.
  expect(found).toBeGreaterThan(3_000);
});

test('what a person uses moves a term among its equals only', () => {
  fc.assert(
    fc.property(
      aThesaurus,
      aQuery,
      fc.infiniteStream(fc.constantFrom(0, 0.5, 1)),
      (concepts, query, uses) => {
        const index = buildConceptIndex(concepts);
        const kindOf = (score: number) => Math.floor((score - 4) / 25);
        const plain = searchConcepts(index, query, 'fr', { limit: 30 });
        const shares = new Map(concepts.map(({ id }) => [id, uses.next().value] as const));
        const moved = searchConcepts(index, query, 'fr', { limit: 30, shares });
        const kinds = new Map(plain.map(({ concept, score }) => [concept.id, kindOf(score)]));
        const order = moved.map(({ concept }) => kinds.get(concept.id) ?? 0);
        expect(order).toEqual(order.toSorted((a, b) => b - a));
        expect(moved).toHaveLength(plain.length);
      },
    ),
    { numRuns: 300 },
  );
});
