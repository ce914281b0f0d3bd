import type { Page } from '@playwright/test';

import { expect, otherDevice, test } from './fixtures.ts';
import { sticksOut } from './looks.ts';
import { visitAsAnybody, visitAsModerator, visitAsVolunteer } from './screens.ts';
import { standInBasemap } from './steps.ts';

/** 320 CSS px: a small phone, or 1280 px at a zoom of 400 % (WCAG 1.4.10). */
const NARROW = { viewport: { width: 320, height: 640 } };

/** A phone of 390 px zoomed to 200 %: what a contributor fills in is read there too. */
const NARROWEST = { width: 195, height: 422 };

test('at 320 px no screen scrolls sideways, and a capture is done', async ({ browser, server }) => {
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
      if (walk !== visitAsVolunteer) return;
      await page.setViewportSize(NARROWEST);
      expect.soft(await sticksOut(page), `${name}, 195 px`).toEqual([]);
      await page.setViewportSize(NARROW.viewport);
    });
    await phone.close();
  }
});
