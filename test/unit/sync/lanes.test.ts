import { expect, it } from 'vitest';

import { inLanes } from '../../../src/sync/lanes.ts';

/** Does that many steps of a few turns each. Answers how many ran at once at each start. */
async function run(steps: number, allowed: (done: number) => number): Promise<number[]> {
  const atOnce: number[] = [];
  let [running, given, done] = [0, 0, 0];
  await inLanes(
    () => allowed(done),
    async () => {
      if (given >= steps) return false;
      given += 1;
      running += 1;
      atOnce.push(running);
      for (let turn = given % 3; turn >= 0; turn--) await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      done += 1;
      return true;
    },
  );
  expect(done).toBe(steps);
  return atOnce;
}

it('works in as many lanes as are allowed, and no further once nothing is left', async () => {
  expect(Math.max(...(await run(20, () => 4)))).toBe(4);
  expect(await run(0, () => 4)).toEqual([]);
  expect(await run(1, () => 4)).toEqual([1]);
});

it('narrows to one lane while somebody works, and widens again', async () => {
  const atOnce = await run(60, (done) => (done >= 10 && done < 30 ? 1 : 4));
  expect(Math.max(...atOnce.slice(0, 10))).toBe(4);
  expect(Math.max(...atOnce.slice(14, 28))).toBe(1);
  expect(Math.max(...atOnce.slice(34))).toBe(4);
});
