import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

import { expect, otherDevice, test } from './fixtures.ts';
import { visitAsAnybody, visitAsModerator, visitAsVolunteer } from './screens.ts';
import { standInBasemap } from './steps.ts';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What axe holds against a page: the rule, where, and how to put it right. */
async function faults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary ?? ''}`),
  );
}

/** Tall enough for a whole form: what is half under the bar that sticks is not taken for a small target. */
const TALL_PHONE = { width: 390, height: 2000 };

for (const colorScheme of ['light', 'dark'] as const) {
  const look = (page: Page) => async (name: string) => {
    expect.soft(await faults(page), `${name}, ${colorScheme}`).toEqual([]);
  };

  test(`axe finds nothing on what anybody sees, ${colorScheme}`, async ({ browser, server }) => {
    test.setTimeout(300_000);
    const device = await otherDevice(browser, server, { colorScheme, reducedMotion: 'reduce' });
    await standInBasemap(device);
    const page = await device.newPage();
    await visitAsAnybody(page, server, look(page));
    await device.close();
  });

  test(`axe finds nothing on what contributors and moderators see, ${colorScheme}`, async ({
    browser,
    server,
  }) => {
    test.setTimeout(300_000);
    const phone = await otherDevice(browser, server, {
      colorScheme,
      reducedMotion: 'reduce',
      viewport: TALL_PHONE,
    });
    await standInBasemap(phone);
    const page = await phone.newPage();
    await visitAsVolunteer(page, look(page));
    await phone.close();
    const desk = await otherDevice(browser, server, {
      colorScheme,
      reducedMotion: 'reduce',
      viewport: { width: 1280, height: 800 },
    });
    await standInBasemap(desk);
    const review = await desk.newPage();
    await visitAsModerator(review, look(review));
    await review.goto('/#/');
    await expect(review.getByRole('heading', { level: 1 })).toBeVisible();
    await look(review)('home, desk');
    await desk.close();
  });
}
