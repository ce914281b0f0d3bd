import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type Mutant, MUTANTS } from './mutants.ts';
import { everyStoryEndsWell } from './run.ts';

/** Stories within which each bug must show. */
const WITHIN = 6_000;
/** Fixed: a bug that is caught today is caught tomorrow. */
const SEED = 2;

describe('each of these bugs is caught', () => {
  it.each(Object.entries(MUTANTS))('%s: %s', { timeout: 120_000 }, (name) => {
    const told = fc.check(everyStoryEndsWell(name as Mutant), {
      numRuns: WITHIN,
      seed: SEED,
      endOnFailure: true,
    });
    expect(told.failed, `not caught within ${WITHIN} stories`).toBe(true);
    const [broken] = String(told.errorInstance).split('\n');
    // Caught by an invariant, not by a crash of the model.
    expect(broken).toMatch(/^Broken: I\d+: /);
    console.info(`${name}: caught after ${told.numRuns} stories (${broken})`);
  });
});
