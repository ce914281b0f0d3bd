import { localTile, type TileablePoint } from '../../domain/geo/local-tile.ts';
import type { TileSource } from '../../domain/tile.ts';
import type { Outline, OwnPoint, Signs } from '../../map/types.ts';

/** Invented things for the style page: no point of it exists. */
export const SIGNS: Signs = {
  heritage: { shape: 'dome', colour: 'ochre', letter: 'P' },
  accessibility: { shape: 'door', colour: 'garrigue', letter: 'A' },
  lighting: { shape: 'halo', colour: 'dusk', letter: 'É' },
};

export const PLACE = { lon: 2.56, lat: 43.31 };

/** Pseudo-random numbers that are the same at each visit (mulberry32). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const THEMES = ['heritage', 'heritage', 'accessibility', 'lighting', 'lighting', 'lighting'];

/** Hamlets of a few dozen points, and some alone between them. */
export function samplePoints(count: number): TileablePoint[] {
  const next = dice(11);
  const hamlets = Array.from({ length: 14 }, () => [
    PLACE.lon + next() * 0.3 - 0.15,
    PLACE.lat + next() * 0.2 - 0.1,
  ]);
  return Array.from({ length: count }, (_, index) => {
    const hamlet = hamlets[Math.floor(next() * hamlets.length)] ?? [PLACE.lon, PLACE.lat];
    const spread = index % 9 === 0 ? 0.12 : 0.006;
    return {
      id: `sample-${index}`,
      theme: THEMES[Math.floor(next() * THEMES.length)] ?? 'heritage',
      concept: null,
      lon: (hamlet[0] ?? 0) + (next() - 0.5) * spread,
      lat: (hamlet[1] ?? 0) + (next() - 0.5) * spread * 0.7,
    };
  });
}

/** Tiles of these points, as a server would answer. */
export function sampleSource(points: readonly TileablePoint[]): TileSource {
  return (z, x, y) => Promise.resolve(localTile(points, z, x, y));
}

export const OWN: readonly OwnPoint[] = [
  { id: 'own-1', theme: 'heritage', lon: 2.548, lat: 43.302, state: 'unsent' },
  { id: 'own-2', theme: 'lighting', lon: 2.572, lat: 43.316, state: 'pending' },
];

const NAMES = ['Caunes', 'Trausse', 'Peyriac', 'Rieux', 'Citou', 'Félines'];

/** Six neighbouring territories with uneven borders. */
export const OUTLINES: readonly Outline[] = NAMES.map((name, index) => {
  const column = index % 3;
  const row = Math.floor(index / 3);
  const corner = (dx: number, dy: number): [number, number] => {
    const wobble = Math.sin((column + dx) * 7 + (row + dy) * 13) * 0.008;
    return [2.47 + (column + dx) * 0.06 + wobble, 43.25 + (row + dy) * 0.06 - wobble];
  };
  const ring = [
    corner(0, 0),
    corner(0.5, 0),
    corner(1, 0),
    corner(1, 0.5),
    corner(1, 1),
    corner(0.5, 1),
    corner(0, 1),
    corner(0, 0.5),
    corner(0, 0),
  ];
  return { name, geometry: { type: 'Polygon', coordinates: [ring] } };
});
