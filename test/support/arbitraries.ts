import * as fc from 'fast-check';

import type { Json } from '../../src/domain/json.ts';
import type { Geom, Point } from '../../src/domain/point.ts';

/** Values that a form's field may hold. */
export const value: fc.Arbitrary<Json> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer({ min: -9, max: 9 }),
  fc.constantFrom('good', 'fair', 'unsure', 'lavoir'),
  fc.array(fc.constantFrom('stone', 'brick', 'wood'), { maxLength: 3 }),
);

// A tenth of a degree apart at least, or the same: no doubt about who moved.
const tenth = (min: number, max: number) => fc.integer({ min: min * 10, max: max * 10 }).map((n) => n / 10);

export const geom: fc.Arbitrary<Geom> = fc.record({
  lon: tenth(0, 4),
  lat: tenth(42, 45),
  accuracy_m: fc.constantFrom(3, 8, 60),
  source: fc.constantFrom('gps', 'map', 'typed'),
});

const attributes = fc.dictionary(fc.constantFrom('name', 'condition', 'materials', 'height_m'), value);

/** A point of mine that nobody has published yet, with clean values. */
export const ownPoint: fc.Arbitrary<Point> = fc
  .record({
    concept: fc.constantFrom(null, 'lavoir', 'croix'),
    geom,
    attributes: attributes.map((given) =>
      Object.fromEntries(Object.entries(given).filter(([, one]) => one !== null && String(one) !== '')),
    ),
    status: fc.constantFrom('draft' as const, 'submitted' as const, 'to_complete' as const),
  })
  .map((content) => ({ ...aPoint(), ...content }));

/** A point with nothing in it. */
export function aPoint(over: Partial<Point> = {}): Point {
  return {
    id: '018f0000-0000-7000-8000-000000000001',
    rev: 1,
    v: 1,
    theme: 'heritage',
    status: 'submitted',
    concept: null,
    geom: { lon: 2, lat: 43, accuracy_m: 8, source: 'gps' },
    attributes: {},
    commune: null,
    sensitivity: 'open',
    mine: true,
    author: null,
    expected_photos: 0,
    photos: [],
    confirmations: { count: 0 },
    pending: [],
    conflicts: [],
    decision: null,
    duplicate_of: null,
    source: null,
    proposals: [],
    ...over,
  };
}

const path = fc.constantFrom('concept', 'attributes.name', 'attributes.condition', 'attributes.materials');

/** Values by path; the concept is a text or nothing. */
export const patch: fc.Arbitrary<Record<string, Json>> = fc
  .dictionary(path, value)
  .map((given) =>
    Object.fromEntries(
      Object.entries(given).map(([key, one]) => [
        key,
        key === 'concept' && typeof one !== 'string' ? null : one,
      ]),
    ),
  );
