import { expect, it } from 'vitest';

import { LIMITS } from '../../../src/domain/limits.ts';
import { backoffMs } from '../../../src/sync/backoff.ts';

it('waits longer and longer, spread, and never gives up', () => {
  const waits = [1, 2, 3, 4, 50, 1_000_000].map((failures) => backoffMs(failures, () => 0.999));
  expect(waits).toEqual([...waits].sort((a, b) => a - b));
  expect(waits[0]).toBeLessThanOrEqual(LIMITS.backoffFirstMs);
  expect(waits.at(-1)).toBeLessThanOrEqual(LIMITS.backoffMaxMs);
  expect(backoffMs(1, () => 0)).toBe(LIMITS.backoffFirstMs / 2);
  expect(backoffMs(0, () => 0)).toBe(LIMITS.backoffFirstMs / 2);
});
