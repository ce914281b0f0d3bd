import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DemoEmail } from './accounts.ts';

/** Folder of the demonstration's data. */
export const demoFolder = join(import.meta.dirname, '../../seed/demo');

/** A point of the demonstration, as `supabase/seed/demo/points.json` describes it. */
export interface DemoPoint {
  key: string;
  /** Account, without its domain. */
  author: string;
  theme: string;
  concept: string;
  lon: number;
  lat: number;
  accuracy_m: number;
  /** Day of capture. */
  day: string;
  sensitivity?: 'blurred';
  /** Name of a picture of `photos/`. */
  photo?: string;
  attributes: Record<string, unknown>;
  /** What moderation made of it: `wait` leaves it in the queue, `destroy` publishes it first. */
  then: 'publish' | 'destroy' | 'to_complete' | 'reject' | 'wait';
  reason?: string;
  comment?: string;
  /** Day on which somebody else saw it, or found it gone. */
  confirmed_on?: string;
  gone_on?: string;
}

/** Reads the points of the demonstration. */
export async function readDemoPoints(): Promise<DemoPoint[]> {
  return JSON.parse(await readFile(join(demoFolder, 'points.json'), 'utf8')) as DemoPoint[];
}

/** Account that captured a point. */
export function authorOf(point: DemoPoint): DemoEmail {
  return `${point.author}@capitelle.test` as DemoEmail;
}
