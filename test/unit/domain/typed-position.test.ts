import { expect, test } from 'vitest';

import {
  parseTypedPosition,
  typedPositionFault,
  writeTypedPosition,
} from '../../../src/domain/geo/typed-position.ts';

test('degrees are read with a comma, a point, a sign or a unit', () => {
  const wgs84 = (first: string, second: string) => parseTypedPosition({ system: 'wgs84', first, second });
  expect(wgs84('43,6112', '3.8767')).toEqual({ lat: 43.6112, lon: 3.8767 });
  expect(wgs84(' 43.6112° ', '-0,5')).toEqual({ lat: 43.6112, lon: -0.5 });
  expect(wgs84('91', '3')).toBeNull();
  expect(wgs84('', '3')).toBeNull();
  expect(wgs84('43.6.1', '3')).toBeNull();
});

test.each([
  ['0,5° O', -0.5],
  ['0.5W', -0.5],
  ['0,5 o', -0.5],
  ['2.35 E', 2.35],
  ['−0,5', -0.5],
  ['0 O', 0],
])('a side is read from its letter, whatever keys a phone has: %s', (second, lon) => {
  expect(parseTypedPosition({ system: 'wgs84', first: '43.6 N', second })).toEqual({ lat: 43.6, lon });
});

test('a southern place too; what is said twice, or of the other field, is no place', () => {
  const wgs84 = (first: string, second: string) => parseTypedPosition({ system: 'wgs84', first, second });
  expect(wgs84('21,1151° S', '55,5364° E')).toEqual({ lat: -21.1151, lon: 55.5364 });
  expect(wgs84('-21 S', '55')).toBeNull();
  expect(wgs84('43.6', '-0.5 O')).toBeNull();
  expect(wgs84('2.35 E', '43.6 N')).toBeNull();
  expect(wgs84('43.6 m', '2')).toBeNull();
});

// Expected by proj4 with the definition of EPSG:2154.
test('Lambert-93 metres land where they say', () => {
  const found = parseTypedPosition({ system: 'lambert93', first: '770 000', second: '6 280 000 m' });
  expect(found?.lon).toBeCloseTo(3.86692, 5);
  expect(found?.lat).toBeCloseTo(43.615592, 5);
  expect(parseTypedPosition({ system: 'lambert93', first: '43.6', second: '3.8' })).toBeNull();
});

test('what the fields write, they read again', () => {
  for (const system of ['wgs84', 'lambert93'] as const) {
    const place = { lon: 2.3512, lat: 43.2101 };
    const again = parseTypedPosition(writeTypedPosition(system, place));
    expect(again?.lon).toBeCloseTo(place.lon, 5);
    expect(again?.lat).toBeCloseTo(place.lat, 5);
  }
});

test.each([
  ['wgs84', '43,6', '1,44', null],
  ['wgs84', '43,6', 'un et demi', 'second'],
  ['wgs84', '91', '1,44', 'first'],
  ['wgs84', '91', '200', 'first'],
  ['lambert93', '770000', '43,6', 'second'],
  ['lambert93', '', '6280000', 'first'],
] as const)('the field at fault is named: %s %s %s', (system, first, second, expected) => {
  expect(typedPositionFault({ system, first, second })).toBe(expected);
  expect(parseTypedPosition({ system, first, second }) === null).toBe(expected !== null);
});
