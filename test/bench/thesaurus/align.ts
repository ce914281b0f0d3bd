import MiniSearch from 'minisearch';

import type { Concept } from '../../../src/domain/concept.ts';
import { alignValue, buildAligner } from '../../../src/domain/thesaurus/align.ts';
import { DecidedBefore } from '../../../src/domain/thesaurus/align-decided.ts';
import { fold } from '../../../src/domain/thesaurus/fold.ts';
import { largeThesaurus } from '../../support/thesaurus.ts';
import { tenth } from '../statistics.ts';

const SIZE = 5_000;
/** A column of a legacy database is read while somebody waits for it. */
const GOAL_S = 10;

/** Answers the concept that it finds likeliest. */
type Answer = (value: string) => string | undefined;

/** What legacy databases do to a term: capitals without accents, a plural, a letter lost, a word more. */
const SPOILED: readonly ((text: string) => string)[] = [
  (text) => fold(text).toUpperCase(),
  (text) => `${text}s`,
  (text) => text.slice(0, 4) + text.slice(5),
  (text) => `${text} ancien`,
];

function ours(concepts: readonly Concept[]): Answer {
  const aligner = buildAligner(concepts);
  const before = new DecidedBefore([], 'bench', aligner.thesaurus);
  return (value) => alignValue(aligner, { value, count: 1 }, before).suggestions[0]?.concept.id;
}

/** MiniSearch over the same names, with our folding, letters forgiven, any word: what one would write without us. */
function peer(concepts: readonly Concept[]): Answer {
  const index = new MiniSearch<{ id: string; names: string }>({
    fields: ['names'],
    tokenize: (text) => fold(text).split(' '),
    processTerm: (term) => term,
    searchOptions: { fuzzy: 0.2 },
  });
  index.addAll(
    concepts.map((one) => ({
      id: one.id,
      names: [one.labels, one.alt, one.hidden].flatMap((kind) => Object.values(kind).flat()).join(' '),
    })),
  );
  return (value) => index.search(value)[0]?.id as string | undefined;
}

/** 5 000 distinct values against 5 000 concepts of names that look alike: the hardest case, in Node. */
export function measureAlign(): void {
  const concepts = largeThesaurus(SIZE);
  // Some of these names are those of several concepts: any of them is right.
  const owners = new Map<string, Set<string>>();
  for (const { id, labels, alt, hidden } of concepts) {
    for (const name of [labels, alt, hidden].flatMap((kind) => Object.values(kind).flat())) {
      owners.set(fold(name), (owners.get(fold(name)) ?? new Set()).add(id));
    }
  }
  const values = concepts.map(({ labels: { fr = '' } }, n) => ({
    value: (SPOILED[n % SPOILED.length] as (text: string) => string)(fr),
    right: owners.get(fold(fr)) as ReadonlySet<string>,
  }));
  const seconds = { ours: 0, peer: 0 };
  for (const [who, prepare] of [
    ['ours', ours],
    ['peer', peer],
  ] as const) {
    const start = performance.now();
    const answer = prepare(concepts);
    const right = values.filter((one) => one.right.has(answer(one.value) ?? '')).length;
    seconds[who] = (performance.now() - start) / 1_000;
    console.info(
      `${who === 'ours' ? 'ours      ' : 'MiniSearch'}  ${SIZE} values aligned in ${tenth(seconds[who])} s, ` +
        `${tenth((100 * right) / values.length)} % with the right concept first`,
    );
  }
  console.info(seconds.ours < GOAL_S ? `goal ${GOAL_S} s: met` : `goal ${GOAL_S} s: MISSED`);
  if (seconds.ours >= GOAL_S) process.exitCode = 1;
}
