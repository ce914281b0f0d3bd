import { describe, expect, it } from 'vitest';

import { bearingDegrees, compassPoint } from '../../../src/domain/geo/bearing.ts';
import { distanceMeters } from '../../../src/domain/geo/distance.ts';
import { averageFixes, type Fix, isFixWindowOver } from '../../../src/domain/geo/fixes.ts';
import { headingOf } from '../../../src/domain/geo/heading.ts';
import { fromLambert93, toLambert93 } from '../../../src/domain/geo/lambert93.ts';
import { publicPosition } from '../../../src/domain/geo/public-position.ts';
import { cellOf, cellsAround } from '../../../src/domain/geo/quadkey.ts';

// EPSG:4326 → EPSG:2154, computed with PROJ.
const VECTORS = [
  ['Montpellier', 3.8767, 43.6108, 770795.51, 6279476.13],
  ['Toulouse', 1.4437, 43.6045, 574317.01, 6279621.54],
  ['Perpignan', 2.8954, 42.6986, 691418.8, 6177671.63],
  ['Cahors', 1.4412, 44.4475, 575964.1, 6373274.32],
  ['Mende', 3.5012, 44.518, 739833.8, 6380007.92],
] as const;

describe('Lambert-93', () => {
  it.each(VECTORS)('agrees with PROJ in %s', (_name, lon, lat, x, y) => {
    const projected = toLambert93({ lon, lat });
    expect(projected.x).toBeCloseTo(x, 1.9);
    expect(projected.y).toBeCloseTo(y, 1.9);
    const back = fromLambert93({ x, y });
    expect(Math.abs(back.lon - lon)).toBeLessThan(2e-7);
    expect(Math.abs(back.lat - lat)).toBeLessThan(2e-7);
  });
});

describe('distance and bearing', () => {
  it('measures Montpellier to Toulouse', () => {
    const meters = distanceMeters({ lon: 3.8767, lat: 43.6108 }, { lon: 1.4437, lat: 43.6045 });
    expect(meters).toBeGreaterThan(195_500);
    expect(meters).toBeLessThan(196_300);
  });

  it('names the direction', () => {
    const west = bearingDegrees({ lon: 3.8767, lat: 43.6108 }, { lon: 1.4437, lat: 43.6045 });
    expect(compassPoint(west)).toBe('w');
    expect(compassPoint(359)).toBe('n');
    expect(compassPoint(-90)).toBe('w');
  });
});

describe('quadkey cells', () => {
  it('matches the worked example of the Bing Maps tile system', () => {
    expect(cellOf({ lon: 0.0001, lat: -0.0001 })).toBe('300000000000');
    expect(cellOf({ lon: -0.0001, lat: 0.0001 })).toBe('033333333333');
  });

  it('follows nine cells, its own first, and does not fall off the edge of the world', () => {
    const cells = cellsAround({ lon: 3.8767, lat: 43.6108 });
    expect(cells[0]).toBe(cellOf({ lon: 3.8767, lat: 43.6108 }));
    expect(new Set(cells).size).toBe(9);
    expect(cellsAround({ lon: 180, lat: 90 })).toHaveLength(6);
  });
});

describe('public position', () => {
  const geom = { lon: 3.8767, lat: 43.6108, accuracy_m: 4, source: 'gps' } as const;

  it('is the true one, a cell centre that many share, or none', () => {
    expect(publicPosition(geom, 'open')).toEqual(geom);
    expect(publicPosition(geom, 'hidden')).toBeNull();
    const blurred = publicPosition(geom, 'blurred');
    expect(blurred).toMatchObject({ accuracy_m: 707, source: 'blurred' });
    const { x, y } = toLambert93(blurred ?? geom);
    expect(x).toBeCloseTo(770_500, 0);
    expect(y).toBeCloseTo(6_279_500, 0);
  });
});

describe('averaging fixes', () => {
  const fix = (lon: number, accuracyMeters: number, atMs: number): Fix => ({
    lon,
    lat: 43,
    accuracyMeters,
    atMs,
  });

  it('weighs good fixes more, leaves outliers and stale ones out', () => {
    const mean = averageFixes(
      [fix(9, 5, -100_000), fix(3, 10, 0), fix(3.0001, 20, 1_000), fix(3.5, 12, 2_000)],
      2_000,
    );
    expect(mean?.lon).toBeCloseTo(3.00002, 6);
    expect(mean?.accuracyMeters).toBe(10);
  });

  it('stops when good or when 20 s have passed', () => {
    expect(isFixWindowOver([fix(3, 9, 0)], 0, 0)).toBe(true);
    expect(isFixWindowOver([fix(3, 30, 0)], 0, 19_999)).toBe(false);
    expect(isFixWindowOver([], 0, 20_000)).toBe(true);
    expect(averageFixes([], 0)).toBeNull();
  });
});

describe('the heading of a camera', () => {
  it.each([
    ['upright, looking north', { alpha: 0, beta: 90, gamma: 0 }, 0],
    ['upright, turned a quarter to the left', { alpha: 90, beta: 90, gamma: 0 }, 270],
    ['held back by a third, looking south', { alpha: 180, beta: 60, gamma: 0 }, 180],
    ['in landscape, its top to the left', { alpha: 0, beta: 0, gamma: -90 }, 90],
  ])('%s', (_name, tilt, degrees) => {
    expect(headingOf(tilt)).toBeCloseTo(degrees, 6);
  });

  it('is unknown while the phone lies flat', () => {
    expect(headingOf({ alpha: 123, beta: 10, gamma: 5 })).toBeNull();
  });
});
