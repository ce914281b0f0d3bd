import type { Page } from '@playwright/test';

import { expect, otherDevice, test } from './fixtures.ts';
import { visitAsAnybody, visitAsModerator, visitAsVolunteer } from './screens.ts';
import { standInBasemap } from './steps.ts';

/** 320 CSS px: a small phone, or 1280 px at a zoom of 400 % (WCAG 1.4.10). */
const NARROW = { viewport: { width: 320, height: 640 } };

/** What sticks out on the right of the window, in words; nothing when the page does not scroll sideways. */
function sticksOut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    return [...document.body.querySelectorAll('*')]
      .filter((element) => element.getBoundingClientRect().right > clientWidth + 1)
      .map((element) => `${element.tagName}.${element.className}: ${element.textContent?.slice(0, 40)}`);
  });
}

test('at 320 px no screen scrolls sideways, and a capture is done', async ({ browser, server }) => {
  test.setTimeout(300_000);
  const walks = [
    (page: Page, look: (name: string) => Promise<void>) => visitAsAnybody(page, server, look),
    visitAsVolunteer,
    visitAsModerator,
  ];
  for (const walk of walks) {
    const phone = await otherDevice(browser, server, NARROW);
    await standInBasemap(phone);
    const page = await phone.newPage();
    await walk(page, async (name) => {
      expect.soft(await sticksOut(page), name).toEqual([]);
    });
    await phone.close();
  }
});
