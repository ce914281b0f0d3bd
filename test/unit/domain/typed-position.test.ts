import { expect, test } from 'vitest';

import { parseTypedPosition, writeTypedPosition } from '../../../src/domain/geo/typed-position.ts';

test('degrees are read with a comma, a point, a sign or a unit', () => {
  const wgs84 = (first: string, second: string) => parseTypedPosition({ system: 'wgs84', first, second });
  expect(wgs84('43,6112', '3.8767')).toEqual({ lat: 43.6112, lon: 3.8767 });
  expect(wgs84(' 43.6112° ', '-0,5')).toEqual({ lat: 43.6112, lon: -0.5 });
  expect(wgs84('91', '3')).toBeNull();
  expect(wgs84('', '3')).toBeNull();
  expect(wgs84('43.6.1', '3')).toBeNull();
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
