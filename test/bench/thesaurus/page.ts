import MiniSearch from 'minisearch';

import { fold } from '../../../src/domain/thesaurus/fold.ts';
import { buildConceptIndex } from '../../../src/domain/thesaurus/concept-index.ts';
import { packIndex } from '../../../src/domain/thesaurus/packed-index.ts';
import { searchConcepts } from '../../../src/domain/thesaurus/search.ts';
import { narrower, thesaurusOf } from '../../../src/domain/thesaurus/tree.ts';
import { TermIndexes } from '../../../src/state/term-indexes.ts';
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

type Search = (text: string) => number;

async function measure(prepare: () => Search | Promise<Search>): Promise<Keystrokes> {
  const start = performance.now();
  const [search, longestStepMs] = await watched(prepare);
  const preparedMs = performance.now() - start;
  const each: number[] = [];
  let found = 0;
  for (const text of TYPED) {
    for (let length = 1; length <= text.length; length++) {
      const before = performance.now();
      found += search(text.slice(0, length));
      each.push(performance.now() - before);
      // A keystroke is a task of its own.
      await rest();
    }
  }
  return { preparedMs, longestStepMs, each, found };
}

const rest = () => new Promise((resolve) => setTimeout(resolve));

/** Does something and says how long the page's thread was held at most meanwhile. */
async function watched<T>(work: () => T | Promise<T>): Promise<[T, longestMs: number]> {
  let [longest, last, isOver] = [0, performance.now(), false];
  const look = () => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  };
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    look();
    if (!isOver) port2.postMessage(null);
  };
  port2.postMessage(null);
  await rest();
  longest = 0;
  const result = await work();
  look();
  isOver = true;
  return [result, longest];
}

const concepts = largeThesaurus(SIZE);
/** What the worker of the app makes, as its message brings it: making and carrying it take nothing of the page. */
const made = packIndex(buildConceptIndex(concepts, 'large', 'fr'), 'fr');

/** Ours, as the app prepares it and up to the rows of the list: the term, what matched, whether there is more below. */
const ours = () =>
  measure(async () => {
    const thesaurus = thesaurusOf(concepts);
    const indexes = new TermIndexes(
      () => thesaurus,
      () => 'fr',
      () => Promise.resolve(made),
    );
    await indexes.prepare('large');
    return (text) =>
      searchConcepts(indexes.of('large'), text, 'fr', { limit: SHOWN }).map(
        ({ concept }) => narrower(thesaurus, concept.id, concept.scheme).length,
      ).length;
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
    const thesaurus = thesaurusOf(concepts);
    narrower(thesaurus, null);
    return (text) =>
      index
        .search(text)
        .slice(0, SHOWN)
        .map((hit) => narrower(thesaurus, String(hit['id']), 'large').length).length;
  });

Object.assign(globalThis, { bench: { ours, peer } });
