import { expect, test } from 'vitest';

import { localTile } from '../../src/domain/geo/local-tile.ts';
import { TILE_EXTENT } from '../../src/domain/tile.ts';

const point = (id: string, lon: number, lat: number, theme = 'heritage') => ({
  id,
  theme,
  concept: 'lavoir',
  lon,
  lat,
});

test('a point lies in exactly one tile of a zoom', () => {
  const caunes = point('a', 2.5251, 43.3298);
  const zoom = 6;
  const tiles = [];
  for (let x = 0; x < 2 ** zoom; x++) {
    for (let y = 0; y < 2 ** zoom; y++) {
      const tile = localTile([caunes], zoom, x, y);
      if (tile.points.length > 0) tiles.push({ x, y, tile });
    }
  }
  expect(tiles).toHaveLength(1);
  expect(tiles[0]).toMatchObject({ x: 32, y: 23 });
  const [, x, y] = tiles[0]?.tile.points[0] ?? [];
  expect(x).toBeGreaterThanOrEqual(0);
  expect(y).toBeLessThan(TILE_EXTENT);
});

test('many points become clusters whose counts add up, by theme', () => {
  const many = Array.from({ length: 1_000 }, (_, index) =>
    point(`p${index}`, 2 + index / 1_000, 43 + (index % 7) / 100, index % 4 ? 'heritage' : 'lighting'),
  );
  const { clusters, points, themes } = localTile(many, 0, 0, 0);
  expect(points).toEqual([]);
  expect(themes).toEqual(['heritage', 'lighting']);
  expect(clusters.reduce((sum, cluster) => sum + cluster[2], 0)).toBe(1_000);
  expect(clusters.reduce((sum, cluster) => sum + (cluster[3][1] ?? 0), 0)).toBe(250);
});

test('from zoom 19 points at one place are one cluster, others stay points', () => {
  const at = [point('a', 2.5, 43.3), point('b', 2.5, 43.3), point('c', 2.5001, 43.3001)];
  const scale = 2 ** 19;
  const x = Math.floor(((2.5 + 180) / 360) * scale);
  const sine = Math.sin((43.3 * Math.PI) / 180);
  const y = Math.floor((0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * scale);
  const tile = localTile(at, 19, x, y);
  expect(tile.clusters.map((cluster) => cluster[2])).toEqual([2]);
  expect(tile.points.length).toBeLessThanOrEqual(1);
});
