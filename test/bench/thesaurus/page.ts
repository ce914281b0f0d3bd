import MiniSearch from 'minisearch';

import { buildConceptIndex } from '../../../src/domain/thesaurus/concept-index.ts';
import { fold } from '../../../src/domain/thesaurus/fold.ts';
import { searchConcepts } from '../../../src/domain/thesaurus/search.ts';
import { narrower, thesaurusOf } from '../../../src/domain/thesaurus/tree.ts';
import { largeThesaurus } from '../../support/thesaurus.ts';
import type { Keystrokes } from './chapter.ts';

const SIZE = 5_000;
const SHOWN = 20;
/** What people type, letter by letter: common beginnings, two words, accents, a word inside another, nothing. */
const TYPED = [
  'fontaine',
  'croix',
  'crotz del bosc',
  'lavador',
  'œuvre',
  'ÉGLISE',
  'pèira seca',
  'aine',
  'zzzz',
  'de la plaça',
];

function measure(prepare: () => (text: string) => number): Keystrokes {
  const start = performance.now();
  const search = prepare();
  const preparedMs = performance.now() - start;
  const each: number[] = [];
  let found = 0;
  for (const text of TYPED) {
    for (let length = 1; length <= text.length; length++) {
      const before = performance.now();
      found += search(text.slice(0, length));
      each.push(performance.now() - before);
    }
  }
  return { preparedMs, each, found };
}

const concepts = largeThesaurus(SIZE);
const thesaurus = thesaurusOf(concepts);
const byId = (id: string) => narrower(thesaurus, id, 'large').length;

/** Ours, up to the rows of the list: the term, what matched, whether there is more below. */
const ours = () =>
  measure(() => {
    const index = buildConceptIndex(concepts, 'large');
    return (text) =>
      searchConcepts(index, text, 'fr', { limit: SHOWN }).map((hit) => byId(hit.concept.id)).length;
  });

/** MiniSearch over the same names, with our folding, words from their beginning, all of them. */
const peer = () =>
  measure(() => {
    const index = new MiniSearch<{ id: string; label: string; others: string }>({
      fields: ['label', 'others'],
      tokenize: (text) => fold(text).split(' '),
      processTerm: (term) => term,
      searchOptions: { prefix: true, combineWith: 'AND', boost: { label: 2 } },
    });
    index.addAll(
      concepts.map((one) => ({
        id: one.id,
        label: Object.values(one.labels).join(' '),
        others: [...Object.values(one.alt).flat(), ...Object.values(one.hidden).flat()].join(' '),
      })),
    );
    return (text) =>
      index
        .search(text)
        .slice(0, SHOWN)
        .map((hit) => byId(String(hit['id']))).length;
  });

Object.assign(globalThis, { bench: { ours, peer } });
