import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { isEmptyDraft, newDraft, type SeriesStep } from '../../../src/domain/draft.ts';
import { inheritedBy, nextNumber, spacingOf } from '../../../src/domain/series.ts';
import type { Theme } from '../../../src/domain/theme.ts';

const LIGHTING: Theme = {
  id: 'lighting',
  labels: {},
  form_rev: 1,
  settings: { title_field: 'ref', series: { fresh: ['defect'] } },
  form: {
    rev: 1,
    sections: [
      {
        id: 'seen',
        labels: {},
        fields: [
          { key: 'support', type: 'choice', part: 'short', labels: {} },
          { key: 'defect', type: 'choices', part: 'short', labels: {} },
          { key: 'ref', type: 'text', part: 'short', labels: {} },
          { key: 'description', type: 'long_text', part: 'full', labels: {} },
        ],
      },
    ],
  },
};
const DAY = new Date('2026-05-02T21:00:00Z');
const draft = (attributes: Record<string, string | string[]>) => ({
  ...newDraft({ pointId: 'p', userId: 'me', theme: 'lighting', formRev: 1 }, DAY),
  concept: 'lampadaire',
  attributes,
});

describe('the number of the next light', () => {
  it.each([
    ['EP-0417', 'EP-0418'],
    ['EP-0099', 'EP-0100'],
    ['9', '10'],
    ['12 B', '13 B'],
    ['Rue 4 n°7', 'Rue 4 n°8'],
    ['sans numéro', null],
    [null, null],
  ])('after %s is %s', (number, next) => expect(nextNumber(number)).toBe(next));

  it('is one more, whatever its width', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 30n }),
        fc.integer({ min: 1, max: 40 }),
        (number, width) => {
          const next = nextNumber(number.toString().padStart(width, '0'));
          expect(BigInt(next ?? -1)).toBe(number + 1n);
        },
      ),
    );
  });
});

describe('the next point of a series', () => {
  it('inherits what a street has in common, not what is of one light', () => {
    const attributes = { support: 'mat', defect: ['off'], ref: 'A7', description: 'penche' };
    const inherited = inheritedBy(draft(attributes), LIGHTING);
    expect(inherited).toEqual({ concept: 'lampadaire', attributes: { support: 'mat', ref: 'A8' } });
  });

  it('is nobody’s work until something is changed in it', () => {
    const inherited = inheritedBy(draft({ support: 'mat', ref: 'A7' }), LIGHTING);
    const next = { ...draft({}), ...inherited, series: { steps: [], inherited } };
    expect(isEmptyDraft(next)).toBe(true);
    expect(isEmptyDraft({ ...next, attributes: { ...next.attributes, ref: 'A9' } })).toBe(false);
    expect(isEmptyDraft({ ...next, photo_ids: ['one'] })).toBe(false);
  });
});

describe('the spacing', () => {
  // One metre of latitude.
  const METER = 1 / 111_195;
  const at = (meters: number): SeriesStep => ({
    lon: 2,
    lat: 43 + meters * METER,
    point_id: String(meters),
    mutation_id: String(meters),
    title: null,
  });
  const from = (steps: number[], meters: number, accuracy_m = 0) =>
    spacingOf(steps.map(at), { ...at(meters), accuracy_m });

  it('is not told of the first point', () => expect(from([], 30)).toBeNull());

  it('is odd beside what is usual, until the series has its own', () => {
    expect(from([0], 30)).toMatchObject({ isOdd: false });
    expect(from([0], 30)?.meters).toBeCloseTo(30, 1);
    expect(from([0], 4)).toMatchObject({ isOdd: true });
    expect(from([0], 120)).toMatchObject({ isOdd: true });
  });

  it('is odd beside the series’ own, by more than the accuracy explains', () => {
    const street = [0, 50, 100, 150];
    expect(from(street, 200)).toMatchObject({ isOdd: false });
    expect(from(street, 260)).toMatchObject({ isOdd: true });
    expect(from(street, 260, 15)).toMatchObject({ isOdd: false });
    expect(from(street, 165)).toMatchObject({ isOdd: true });
  });
});
