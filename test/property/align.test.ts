import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { type Concept, conceptSchema } from '../../src/domain/concept.ts';
import { LANGUAGES } from '../../src/domain/language.ts';
import { alignValue, buildAligner } from '../../src/domain/thesaurus/align.ts';
import { ALIGN_STANDS, coverageOf, standOf } from '../../src/domain/thesaurus/align-coverage.ts';
import { DecidedBefore } from '../../src/domain/thesaurus/align-decided.ts';
import { distinctValues } from '../../src/domain/thesaurus/align-values.ts';
import { fold } from '../../src/domain/thesaurus/fold.ts';

/** Words that meet each other in the plural, without accents, or with articles between. */
const aWord = fc.constantFrom(
  ...[
    'croix',
    'lavoir',
    'canal',
    'canaux',
    'marché',
    'marche',
    'œuvre',
    'pèira',
    'pont',
    'eau',
    'niche',
    'tour',
  ],
);
const between = fc.constantFrom(' ', ' de ', ' du ', '-', ' à l’');
const aName = fc
  .tuple(aWord, fc.option(fc.tuple(between, aWord), { nil: null }))
  .map(([one, more]) => one + (more?.join('') ?? ''));
const someNames = fc.dictionary(fc.constantFrom(...LANGUAGES), fc.array(aName, { maxLength: 2 }), {
  maxKeys: 2,
});
const aConcept = fc.record({
  labels: fc.dictionary(fc.constantFrom(...LANGUAGES), aName, { minKeys: 1, maxKeys: 3 }),
  alt: someNames,
  hidden: someNames,
});
const someConcepts = fc
  .array(aConcept, { minLength: 4, maxLength: 16 })
  .map((all) => all.map((one, n) => conceptSchema.parse({ id: `c${n}`, scheme: 's', ...one })));

const namesOf = (concept: Concept) => [
  ...Object.values(concept.labels),
  ...[concept.alt, concept.hidden].flatMap((kind) => Object.values(kind).flat()),
];
/** The loosest reading, written apart from the engine's: all that it calls the same must be the same here. */
const SMALL = /\b(?:de|du|a|l)\b/g;
const loosely = (text: string) =>
  fold(text)
    .replace(SMALL, ' ')
    .split(/\s+/)
    .map((word) =>
      word.length < 4
        ? word
        : word
            .replace(/([^e])aux$/, '$1al')
            .replace(/[sx]$/, '')
            .replace(/che$/, 'ch'),
    )
    .join(' ')
    .trim();
const capitals = (text: string) => text.toUpperCase();
const bare = (text: string) => text.normalize('NFD').replace(/\p{Diacritic}/gu, '');
const plural = (text: string) =>
  text.replace(/\p{Letter}+$/u, (word) =>
    /[sx]$/.test(word)
      ? word
      : /[^e]al$/.test(word)
        ? word.replace(/al$/, 'aux')
        : /eau$/.test(word)
          ? `${word}x`
          : `${word}s`,
  );
const written = fc.constantFrom(
  (text: string) => text,
  capitals,
  bare,
  (text: string) => capitals(bare(text)),
  plural,
  (text: string) => capitals(plural(bare(text))),
  (text: string) => `  ${text.replaceAll(' ', '  ')} `,
  (text: string) => text.replaceAll(' ', '-'),
  (text: string) => `Type : ${text}`,
);

test('a label or a synonym, however it is written, is sure where it is one concept’s, and never where it is several’s', () => {
  const seen = { sure: 0, ambiguous: 0 };
  fc.assert(
    fc.property(someConcepts, fc.nat(), fc.nat(), written, (concepts, which, name, write) => {
      const aligner = buildAligner(concepts);
      const before = new DecidedBefore([], 'x', aligner.thesaurus);
      const concept = concepts[which % concepts.length] as Concept;
      const names = namesOf(concept);
      const text = names[name % names.length] as string;
      const value = write(text);
      const { suggestions, isSure } = alignValue(aligner, { value, count: 1 }, before);
      const others = concepts.filter((one) => one !== concept);
      const mayBeOthers = others.some((one) => namesOf(one).some((own) => loosely(own) === loosely(text)));
      if (!mayBeOthers) {
        seen.sure++;
        expect([suggestions[0]?.concept.id, isSure], value).toEqual([concept.id, true]);
      }
      // Without its accents a value is whoever's names are the same without theirs.
      const plain = capitals(bare(text));
      if (others.some((one) => namesOf(one).some((own) => fold(own) === fold(text)))) {
        seen.ambiguous++;
        const told = alignValue(aligner, { value: plain, count: 1 }, before);
        expect(told.isSure, plain).toBe(false);
        expect(told.suggestions.length, plain).toBeGreaterThan(1);
      }
    }),
    { numRuns: 2_000 },
  );
  expect(Math.min(seen.sure, seen.ambiguous)).toBeGreaterThan(150);
});

test('what was decided before goes first: of the same source always, of others where they agree', () => {
  fc.assert(
    fc.property(someConcepts, aName, written, fc.nat(), fc.nat(), (concepts, name, write, own, other) => {
      const aligner = buildAligner(concepts);
      const [mine, theirs] = [own, other].map((n) => concepts[n % concepts.length]?.id as string);
      const value = write(name).trim();
      const decision = (source: string, concept: string | null | undefined) => ({
        source,
        value: name,
        concept: concept ?? null,
      });
      const align = (...decisions: ReturnType<typeof decision>[]) =>
        alignValue(aligner, { value, count: 1 }, new DecidedBefore(decisions, 'mine', aligner.thesaurus));
      // What reads the same but for accents, case and signs is the same value.
      fc.pre(fold(value) === fold(name));
      const first = align(decision('theirs', theirs), decision('mine', mine));
      expect([first.suggestions[0]?.concept.id, first.isSure, first.decided?.id]).toEqual([mine, true, mine]);
      const elsewhere = align(decision('theirs', theirs));
      expect([elsewhere.suggestions[0]?.concept.id, elsewhere.suggestions[0]?.why]).toEqual([
        theirs,
        'decided',
      ]);
      expect([elsewhere.isSure, elsewhere.decided]).toEqual([true, undefined]);
      expect(align(decision('theirs', theirs), decision('others', null)).isSure).toBe(false);
      expect(align(decision('theirs', mine), decision('others', theirs)).isSure).toBe(mine === theirs);
      expect(align(decision('mine', null))).toMatchObject({ decided: null, isSure: false });
    }),
    { numRuns: 400 },
  );
});

test('values, rows and where they stand add up', () => {
  const aValue = fc.record({ value: aName, count: fc.integer({ min: 1, max: 500 }) });
  fc.assert(
    fc.property(
      someConcepts,
      fc.array(aValue, { maxLength: 30 }),
      fc.array(aName),
      (concepts, given, proposed) => {
        const aligner = buildAligner(concepts);
        const before = new DecidedBefore([], 'x', aligner.thesaurus);
        const values = distinctValues(given);
        const rows = values.map((one) => {
          const aligned = alignValue(aligner, one, before);
          return { ...aligned, stand: standOf(aligned, proposed.includes(one.value)) };
        });
        const { total, by, mappedRows, reachableRows } = coverageOf(rows);
        expect(total).toEqual({
          values: values.length,
          rows: given.reduce((sum, { count }) => sum + count, 0),
        });
        for (const kind of ['values', 'rows'] as const) {
          expect(ALIGN_STANDS.reduce((sum, stand) => sum + by[stand][kind], 0)).toBe(total[kind]);
        }
        expect(mappedRows).toBeLessThanOrEqual(reachableRows);
        expect(reachableRows).toBeLessThanOrEqual(1);
      },
    ),
    { numRuns: 200 },
  );
});
