import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** Tall enough for a whole form: what is half under the bar that sticks is not taken for a small target. */
export const TALL_PHONE = { width: 390, height: 2000 };

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What axe holds against a page, by all rules or by one: the rule, where, and how to put it right. */
export async function faults(page: Page, rule?: string): Promise<string[]> {
  const axe = new AxeBuilder({ page });
  const { violations } = await (rule ? axe.withRules(rule) : axe.withTags(TAGS)).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary ?? ''}`),
  );
}

/** Until what changed is on the screen: read in the middle of it, colors are of both lights. */
function twoFrames(page: Page): Promise<void> {
  return page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))),
  );
}

/** Holds what a screen shows to axe in both lights, of which contrast alone depends; ends in the light one. */
export async function expectNoFaults(page: Page, name: string): Promise<void> {
  for (const [colorScheme, rule] of [['dark', 'color-contrast'], ['light']] as const) {
    await page.emulateMedia({ colorScheme });
    await twoFrames(page);
    expect.soft(await faults(page, rule), `${name}, ${colorScheme}`).toEqual([]);
  }
}

/** What sticks out on the right of the window, in words; nothing when the page does not scroll sideways. */
export function sticksOut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    return [...document.body.querySelectorAll('*')]
      .filter((element) => element.getBoundingClientRect().right > clientWidth + 1)
      .map((element) => `${element.tagName}.${element.className}: ${element.textContent?.slice(0, 40)}`);
  });
}
