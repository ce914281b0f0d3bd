import { newMutationId, newPointId, type RandomBytes } from '../../../src/domain/id.ts';
import type { JsonRecord } from '../../../src/domain/json.ts';
import type { Geom } from '../../../src/domain/point.ts';

/** One captured point, the same for every party. */
export interface BenchRecord {
  readonly id: string;
  readonly mutation_id: string;
  readonly theme: string;
  readonly captured_at: string;
  readonly geom: Geom;
  readonly attributes: JsonRecord;
}

/** Castres: dry land for more than ten kilometres around, and cells about 7 km wide. */
export const MIDDLE = { lon: 2.2415, lat: 43.6065 };
/** Themes that the phone contributes to: it follows nine cells for each. */
export const THEMES = ['heritage', 'lighting'] as const;

/** Degrees each way from the middle, a little less than the nine cells: every point falls into one of them. */
const SPREAD = { lon: 0.13, lat: 0.085 };
const FIRST_DAY = new Date('2024-05-02T09:30:00Z');
const CONDITIONS = ['good', 'fair', 'poor', 'ruin'];

/** Numbers in [0, 1) that only depend on the seed (mulberry32). */
export function seededChance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A place of the nine cells around the middle. */
export function placeOf(chance: () => number): { lon: number; lat: number } {
  const shift = (side: number) => (chance() - 0.5) * 2 * side;
  return {
    lon: Number((MIDDLE.lon + shift(SPREAD.lon)).toFixed(7)),
    lat: Number((MIDDLE.lat + shift(SPREAD.lat)).toFixed(7)),
  };
}

/** The nth capture of a run: what a volunteer writes about a wash-house. Same arguments, same record. */
export function captureOf(run: number, n: number): BenchRecord {
  const chance = seededChance(run * 1_000_003 + n);
  const random: RandomBytes = (length) => Uint8Array.from({ length }, () => Math.floor(chance() * 256));
  // Each run a day later, each capture after the one before it: as ids grow on a phone.
  const at = new Date(FIRST_DAY.getTime() + run * 86_400_000 + n);
  return {
    id: newPointId(at, random),
    mutation_id: newMutationId(at, random),
    theme: 'heritage',
    captured_at: at.toISOString(),
    geom: { ...placeOf(chance), accuracy_m: Number((3 + chance() * 9).toFixed(1)), source: 'gps' },
    attributes: {
      name: nameOf(run, n),
      description: `Bassin de pierre, toit à une pente sur ${2 + (n % 5)} piliers, eau courante d’une source captée plus haut.`,
      condition: CONDITIONS[n % CONDITIONS.length] ?? 'good',
      access: n % 3 === 0 ? 'visible' : 'public',
      period: 'c19',
      use: 'Plus utilisé',
    },
  };
}

/** Name of the nth capture of a run: no other has it. */
export const nameOf = (run: number, n: number): string => `Lavoir ${run}-${n}`;
