import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { joinCell, splitCell } from '../../supabase/functions/_shared/skos/cells.ts';
import { comparable, type Format, read, seedVocabulary, TYPES, written } from '../support/read-back.ts';
import { aVocabulary, whole } from '../support/vocabularies.ts';

const FORMATS = Object.keys(TYPES) as Format[];

describe('what is written is read back as it was', () => {
  it.each(FORMATS)('any vocabulary, in %s', async (format) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12 }).chain(aVocabulary), async (any) => {
        const vocabulary = whole(any);
        const text = (await written(vocabulary))[format];
        const found = await read(text, TYPES[format]);
        expect(found.faults).toEqual([]);
        expect(comparable(found.concepts)).toEqual(comparable(vocabulary.concepts));
        if (format === 'csv') return;
        expect(found.scheme?.labels).toEqual(vocabulary.scheme.labels);
        expect(found.scheme?.licence).toBe('etalab-2.0');
        expect(found.scheme?.source ?? '').toBe(vocabulary.scheme.source ?? '');
      }),
      { numRuns: 60 },
    );
  });

  it('from one syntax to the next and round again', async () => {
    await fc.assert(
      fc.asyncProperty(aVocabulary(6), async (any) => {
        const first = whole(any);
        let concepts = first.concepts;
        for (const format of ['ttl', 'rdf', 'jsonld', 'csv', 'ttl'] as const) {
          const texts = await written({ ...first, concepts });
          const found = await read(texts[format], TYPES[format]);
          concepts = found.concepts.map((one) => ({ ...one, position: one.position ?? -1 }));
        }
        expect(comparable(concepts)).toEqual(comparable(first.concepts));
      }),
      { numRuns: 20 },
    );
  });

  it.each(['petit-patrimoine', 'eclairage', 'acceslibre-activites'])(
    'the seed %s, in every syntax',
    async (id) => {
      const seed = await seedVocabulary(id);
      expect(seed.concepts.length).toBeGreaterThan(10);
      const texts = await written(seed);
      for (const format of FORMATS) {
        // By what the text looks like: no type is told.
        const found = await read(texts[format]);
        expect(found.faults, format).toEqual([]);
        expect(comparable(found.concepts), format).toEqual(comparable(seed.concepts));
      }
    },
  );

  it('any values share a cell and are told apart again', () => {
    const value = fc.string({ unit: fc.constantFrom('#', '\\', 'a', '##', ' '), minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.array(value, { maxLength: 4 }), (values) => {
        expect(splitCell(joinCell(values))).toEqual(values);
      }),
      { numRuns: 2_000 },
    );
    expect(splitCell('lavoir##bassin à laver')).toEqual(['lavoir', 'bassin à laver']);
    expect(joinCell(['n#1', 'a'])).toBe('n#1##a');
  });

  it('never throws, whatever it is given', async () => {
    const signs = fc.constantFrom(
      '<',
      '>',
      '"',
      '@prefix',
      '{',
      '}',
      '[',
      ']',
      ' ',
      '\n',
      'a',
      ':',
      '#',
      '<?xml',
      '&x;',
      ',',
      'é',
      '.',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: signs, maxLength: 40 }),
        fc.constantFrom('', ...Object.values(TYPES)),
        async (text, type) => {
          const { faults, concepts } = await read(text, type);
          expect(faults.length > 0 || concepts.length > 0).toBe(true);
        },
      ),
      { numRuns: 600 },
    );
  });
});
