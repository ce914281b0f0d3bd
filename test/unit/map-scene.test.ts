import { describe, expect, test } from 'vitest';

import { shareCourses } from '../../src/map/draw-stack.ts';
import { composeScene } from '../../src/map/scene.ts';
import { tilesOf, TileStore, type TileItem } from '../../src/map/tile-store.ts';
import { metersToPx, toLonLat, toWorld } from '../../src/map/view.ts';
import { nextPosition, settle } from '../../src/ui/sheet-position.ts';
import { signOf } from '../../src/ui/shapes.ts';
import type { Tile } from '../../src/domain/tile.ts';

const point = (id: string, x: number, y: number): TileItem => ({
  id,
  x,
  y,
  count: 1,
  themes: [['heritage', 1]],
});
const stack = (count: number, x: number, y: number): TileItem => ({
  id: null,
  x,
  y,
  count,
  themes: [['lighting', count]],
});
/** CSS px at zoom 10, in world units. */
const PX = 1 / (256 * 2 ** 10);

describe('a stack has one course per power of ten', () => {
  test.each([
    [9, 1],
    [10, 2],
    [340, 3],
    [12_400, 5],
  ])('%d has %d', (count, courses) => {
    expect(shareCourses(count, [['ochre', count]])).toHaveLength(courses);
  });

  test('shared by number, the most numerous at the bottom', () => {
    expect(
      shareCourses(340, [
        ['dusk', 100],
        ['ochre', 240],
      ]),
    ).toEqual(['ochre', 'ochre', 'dusk']);
    expect(
      shareCourses(9, [
        ['garrigue', 4],
        ['dusk', 5],
      ]),
    ).toEqual(['dusk']);
  });
});

describe('the scene', () => {
  test('keeps points apart where there is room', () => {
    const scene = composeScene([point('a', 0.5, 0.5), point('b', 0.5 + 200 * PX, 0.5)], 10);
    expect(scene.map((item) => item.id).sort()).toEqual(['a', 'b']);
  });

  test('makes a stack of a crowd, and loses nobody', () => {
    const crowd = Array.from({ length: 12 }, (_, index) => point(`p${index}`, 0.5 + index * PX, 0.5));
    const scene = composeScene(crowd, 10);
    expect(scene.reduce((sum, item) => sum + item.count, 0)).toBe(12);
    expect(scene.length).toBeLessThan(12);
  });

  test('joins stacks that would overlap, and takes in the point under one', () => {
    const scene = composeScene(
      [stack(40, 0.5, 0.5), stack(3, 0.5 + 20 * PX, 0.5), point('a', 0.5, 0.5 - 10 * PX)],
      10,
    );
    expect(scene).toHaveLength(1);
    expect(scene[0]?.count).toBe(44);
  });

  test('shows everything apart at a doorstep', () => {
    const crowd = Array.from({ length: 12 }, (_, index) => point(`p${index}`, 0.5 + index * PX, 0.5));
    expect(composeScene(crowd, 19)).toHaveLength(12);
  });

  test('is drawn from north to south', () => {
    const ys = composeScene([point('s', 0.1, 0.9), point('n', 0.1, 0.1)], 10).map((item) => item.y);
    expect(ys).toEqual([0.1, 0.9]);
  });
});

describe('tiles', () => {
  const tile = (id: string): Tile => ({
    v: 1,
    themes: ['heritage'],
    points: [[id, 0, 0, 0, null]],
    clusters: [],
  });
  const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

  test('are asked two zooms above the map, so that a cell has the room of a stack', () => {
    const keys = tilesOf(12, { west: 0.5, east: 0.5001, north: 0.3, south: 0.3001 });
    expect(keys).toEqual([{ z: 10, x: 512, y: 307 }]);
  });

  test('of the zoom above stand in until theirs arrive', async () => {
    const store = new TileStore(
      (z) => (z === 4 ? Promise.resolve(tile('up')) : new Promise(() => undefined)),
      () => undefined,
    );
    store.need([{ z: 4, x: 8, y: 8 }]);
    await settled();
    store.need([{ z: 5, x: 16, y: 16 }]);
    expect(store.items({ z: 5, x: 16, y: 16 }).map((item) => item.id)).toEqual(['up']);
    expect(store.items({ z: 5, x: 17, y: 17 })).toEqual([]);
  });

  test('no longer needed are aborted', () => {
    const aborted: string[] = [];
    const store = new TileStore(
      (z, x, y, signal) =>
        new Promise(() => signal.addEventListener('abort', () => aborted.push(`${z}/${x}/${y}`))),
      () => undefined,
    );
    store.need([{ z: 4, x: 1, y: 1 }]);
    store.need([{ z: 4, x: 2, y: 1 }]);
    expect(aborted).toEqual(['4/1/1']);
  });

  test('that failed leave the map as it is', async () => {
    let changes = 0;
    const store = new TileStore(
      () => Promise.reject(new Error('offline')),
      () => changes++,
    );
    store.need([{ z: 4, x: 1, y: 1 }]);
    await settled();
    expect(store.isSettled).toBe(true);
    expect(changes).toBe(1);
  });
});

describe('positions', () => {
  test('go to the world and back', () => {
    const { x, y } = toWorld(2.5512, 43.3215);
    const back = toLonLat(x, y);
    expect(back.lon).toBeCloseTo(2.5512, 9);
    expect(back.lat).toBeCloseTo(43.3215, 9);
  });

  test('have a scale', () => {
    // 40 075 km over 256 px at the equator and zoom 0
    expect(metersToPx(40_075_016.686, 0, 256)).toBeCloseTo(256);
  });
});

describe('the bottom sheet', () => {
  const heights = { peek: 200, half: 460, full: 820 };

  test('goes up at each press, then back down', () => {
    expect(['peek', 'half', 'full'].map((one) => nextPosition(one as 'peek'))).toEqual([
      'half',
      'full',
      'peek',
    ]);
  });

  test('settles where the drag was going', () => {
    expect(settle(260, 'peek', heights)).toBe('half');
    expect(settle(215, 'peek', heights)).toBe('peek');
    expect(settle(700, 'half', heights)).toBe('full');
    expect(settle(240, 'full', heights)).toBe('peek');
  });
});

test('a theme added as data without a drawing is a squared stone', () => {
  expect(signOf({ shape: 'unknown', color: 'pink', letter: 'fontaine' })).toEqual({
    shape: 'stone',
    colour: 'stone',
    letter: 'F',
  });
  expect(signOf(undefined).shape).toBe('stone');
});
