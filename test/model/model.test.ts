import * as fc from 'fast-check';
import { it } from 'vitest';

import { everyStoryEndsWell } from './run.ts';

/** Stories told each time: the same ones, so that a failure is news. Others by the environment. */
const RUNS = Number(process.env['MODEL_RUNS'] ?? 20_000);
const SEED = Number(process.env['MODEL_SEED'] ?? 3);

it('loses, doubles and overwrites nothing, whatever the network does', { timeout: 3_600_000 }, () => {
  fc.assert(everyStoryEndsWell(null), { numRuns: RUNS, seed: SEED });
});
