import { join } from 'node:path';

import { chromium } from '@playwright/test';

import { chromiumLaunchOptions } from '../../support/browser.ts';
import { bundlePage } from '../bundle-page.ts';
import { largest, median, tenth } from '../statistics.ts';

/** What it took to see a tree: closed as it opens, then with everything unfolded; and how tall it was then, CSS px. */
export interface Opening {
  readonly openedMs: number;
  readonly unfoldedMs: number;
  readonly height: number;
}

/** An Android phone of some years, beside this machine; and a desk. */
const SLOWDOWNS = [1, 6];
const GOAL_MS = 200;
const ROUNDS = 5;

/** The tree of 5 000 terms, ours and nested lists of the browser in turn, as fast as the machine is and slowed six times. */
export async function measureTree(): Promise<void> {
  const { script, files } = await bundlePage(join(import.meta.dirname, 'tree-page.svelte.ts'));
  const browser = await chromium.launch(chromiumLaunchOptions());
  try {
    const page = await browser.newPage();
    const cdp = await page.context().newCDPSession(page);
    for (const [name, content] of files) if (name.endsWith('.css')) await page.addStyleTag({ content });
    await page.addScriptTag({ content: script, type: 'module' });
    for (const slowdown of SLOWDOWNS) {
      await cdp.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
      const all = { ours: [] as Opening[], peer: [] as Opening[] };
      for (let round = 0; round < ROUNDS; round++) {
        for (const who of ['ours', 'peer'] as const) {
          all[who].push(
            await page.evaluate(
              (name) =>
                (globalThis as unknown as Record<'bench', Record<string, () => Promise<Opening>>>).bench[
                  name
                ]?.() as Promise<Opening>,
              who,
            ),
          );
        }
      }
      console.info(`tree: 5 000 terms, processor slowed ${slowdown} times, ms`);
      for (const [who, runs] of Object.entries(all)) {
        const [opened, unfolded] = [runs.map((one) => one.openedMs), runs.map((one) => one.unfoldedMs)];
        console.info(
          `${who === 'ours' ? 'ours        ' : 'nested lists'}  opened median ${tenth(median(opened))}, longest ${tenth(largest(opened))}; ` +
            `all unfolded median ${tenth(median(unfolded))}, longest ${tenth(largest(unfolded))}; ${largest(runs.map((one) => one.height))} px tall`,
        );
      }
      // Judged by medians, for a busy machine delays single rounds; the longest is told above.
      const ours = Math.max(
        median(all.ours.map((one) => one.openedMs)),
        median(all.ours.map((one) => one.unfoldedMs)),
      );
      console.info(ours < GOAL_MS ? `goal ${GOAL_MS} ms: met` : `goal ${GOAL_MS} ms: MISSED`);
      if (ours >= GOAL_MS) process.exitCode = 1;
    }
  } finally {
    await browser.close();
  }
}
