import type { Page } from '@playwright/test';

import { expect, otherDevice, test } from './fixtures.ts';
import { expectNoFaults, TALL_PHONE } from './looks.ts';
import { visitAsAnybody, visitAsModerator, visitAsVolunteer } from './screens.ts';
import { standInBasemap } from './steps.ts';

/** Each walk is long, the change of light is not. */
const inBothLights = (page: Page) => (name: string) => expectNoFaults(page, name);

test('axe finds nothing on what anybody sees', async ({ browser, server }) => {
  const device = await otherDevice(browser, server, { reducedMotion: 'reduce' });
  await standInBasemap(device);
  const page = await device.newPage();
  await visitAsAnybody(page, server, inBothLights(page));
  await device.close();
});

test('axe finds nothing on what contributors and moderators see', async ({ browser, server }) => {
  const phone = await otherDevice(browser, server, { reducedMotion: 'reduce', viewport: TALL_PHONE });
  await standInBasemap(phone);
  const page = await phone.newPage();
  await visitAsVolunteer(page, inBothLights(page));
  await phone.close();
  const desk = await otherDevice(browser, server, {
    reducedMotion: 'reduce',
    viewport: { width: 1280, height: 800 },
  });
  await standInBasemap(desk);
  const review = await desk.newPage();
  await visitAsModerator(review, inBothLights(review));
  await review.goto('/#/');
  await expect(review.getByRole('heading', { level: 1 })).toBeVisible();
  await inBothLights(review)('home, desk');
  await desk.close();
});
