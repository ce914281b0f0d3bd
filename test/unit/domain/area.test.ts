import { describe, expect, it } from 'vitest';

import { weighArea } from '../../../src/domain/area.ts';
import { boxAround } from '../../../src/domain/geo/distance.ts';
import { cellOf } from '../../../src/domain/geo/quadkey.ts';
import { cellsOver, countTiles, tilesOver, tileUrl } from '../../../src/domain/geo/tiles.ts';
import { LIMITS } from '../../../src/domain/limits.ts';

const HERE = { lon: 2.5512, lat: 43.3215 };

describe('the squares over a box', () => {
  it('are those that were counted, the widest first', () => {
    const box = boxAround(HERE, 1_000);
    const tiles = tilesOver(box, 12, 17);
    expect(tiles).toHaveLength(countTiles(box, 12, 17));
    expect(tiles.map((tile) => tile.z)).toEqual(tiles.map((tile) => tile.z).toSorted());
    // 2 km across, and squares of 222 m: nine or ten each way.
    const last = tiles.filter((tile) => tile.z === 17).length;
    expect(last).toBeGreaterThanOrEqual(81);
    expect(last).toBeLessThanOrEqual(121);
  });

  it('touch the cells whose points are followed', () => {
    const box = boxAround(HERE, 5_000);
    const [west, south, east, north] = box;
    const cells = cellsOver(box);
    for (const corner of [{ lon: west, lat: south }, { lon: east, lat: north }, HERE])
      expect(cells).toContain(cellOf(corner));
  });

  it('have the address that the map asks for', () => {
    const url = 'https://{s}.tiles.test/wmts?TILEMATRIX={z}&TILEROW={y}&TILECOL={x}';
    expect(tileUrl(url, { z: 17, x: 4, y: 3 })).toBe(
      'https://b.tiles.test/wmts?TILEMATRIX=17&TILEROW=3&TILECOL=4',
    );
  });
});

describe('the weight of a sector', () => {
  const box = boxAround(HERE, 1_000);

  it('counts squares by a usual weight, then by their own', () => {
    const guess = weighArea(box, 19, 100, []);
    expect(guess.bytes).toBe(guess.tiles * LIMITS.tileBytes + 100 * LIMITS.pointBytes);
    const known = weighArea(box, 19, 0, [{ tiles: 100, kept: 100, bytes: 500_000 }]);
    expect(known.bytes).toBe(known.tiles * 5_000);
  });

  it('is that of the points alone where the base map may not be kept', () => {
    expect(weighArea(box, null, 10, [])).toEqual({
      tiles: 0,
      bytes: 9_000,
      toCome: 0,
      refusal: null,
      isCoarse: false,
    });
  });

  it('says no to what would not fit a phone, alone or with the others', () => {
    expect(weighArea(boxAround(HERE, 5_000), 19, null, []).refusal).toBeNull();
    expect(weighArea(boxAround(HERE, 20_000), 19, null, []).refusal).toBe('too_wide');
    expect(
      weighArea(box, 19, null, [{ tiles: 20_000, kept: 20_000, bytes: LIMITS.areasBytes }]).refusal,
    ).toBe('areas_full');
  });

  // About the boxes of three wide communes.
  it.each([
    ['Nîmes', [4.2367, 43.7419, 4.4498, 43.923]],
    ['Narbonne', [2.8905, 43.0837, 3.1692, 43.239]],
    ['Millau', [2.9877, 44.0217, 3.2217, 44.2102]],
  ] as const)('lets the commune of %s be taken, without its last zoom', (_, bounds) => {
    const whole = weighArea(boxAround(HERE, 5_000), 19, null, []);
    expect(whole).toMatchObject({ refusal: null, isCoarse: false });
    expect(countTiles(bounds, 12, 17)).toBeGreaterThan(LIMITS.areaTiles);
    expect(weighArea(bounds, 19, null, [])).toMatchObject({
      refusal: null,
      isCoarse: true,
      tiles: countTiles(bounds, 12, 16),
    });
    // A map that is not drawn further loses nothing.
    expect(weighArea(bounds, 16, null, [])).toMatchObject({ refusal: null, isCoarse: false });
  });

  it('counts those under way with what they have still to bring', () => {
    const squares = LIMITS.areasBytes / LIMITS.tileBytes;
    const begun = { tiles: squares, kept: 0, bytes: 0 };
    expect(weighArea(box, 19, null, [begun])).toMatchObject({
      toCome: LIMITS.areasBytes,
      refusal: 'areas_full',
    });
    const half = { tiles: 200, kept: 100, bytes: 500_000 };
    expect(weighArea(box, 19, null, [half])).toMatchObject({ toCome: 500_000, refusal: null });
    // Being renewed, it brings nothing beside what is here.
    const renewed = { tiles: 200, kept: 0, bytes: 1_000_000, renewing: '2026-09-01T08:00:00Z' };
    expect(weighArea(box, 19, null, [renewed])).toMatchObject({ toCome: 0 });
    expect(weighArea(box, 19, 0, [renewed]).bytes).toBe(weighArea(box, 19, 0, [half]).bytes);
  });
});
