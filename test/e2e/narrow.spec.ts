import type { Page } from '@playwright/test';

import { expect, otherDevice, test } from './fixtures.ts';
import { sticksOut } from './looks.ts';
import { visitAsAnybody, visitAsModerator, visitAsVolunteer } from './screens.ts';
import { acceptCharter, becomeInstalled, beginCapture, signIn, standInBasemap } from './steps.ts';

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

test('at 320 by 256 px (1280 by 1024 at 400 %) nothing covers what the keyboard is on', async ({
  browser,
  server,
}) => {
  const phone = await otherDevice(browser, server, { viewport: { width: 320, height: 256 } });
  await standInBasemap(phone);
  const page = await phone.newPage();
  await signIn(page, 'volontaire@capitelle.test');
  if (/charter/.test(page.url())) await acceptCharter(page);
  await becomeInstalled(page);
  await beginCapture(page, 'Éclairage public');
  const covered: string[] = [];
  const seen = new Set<string>();
  for (let stop = 0; stop < 60; stop++) {
    await page.keyboard.press('Tab');
    // Scrolling into view is smooth: it is looked at once it stands still.
    const [name, isCovered] = await page.evaluate(async () => {
      const focused = document.activeElement as HTMLElement;
      const shown = focused.closest('label') ?? focused;
      let before = NaN;
      for (let top = shown.getBoundingClientRect().top; top !== before;) {
        before = top;
        await new Promise(requestAnimationFrame);
        top = shown.getBoundingClientRect().top;
      }
      const { left, top, width, height } = shown.getBoundingClientRect();
      const parts = [0.1, 0.5, 0.9].map((part) =>
        document.elementFromPoint(left + width / 2, top + height * part),
      );
      const isShown = parts.some((hit) => hit !== null && (shown.contains(hit) || hit.contains(shown)));
      return [
        `${focused.tagName} ${focused.id} ${shown.textContent?.trim().slice(0, 40)}`,
        !isShown,
      ] as const;
    });
    seen.add(name);
    // After the last control the keyboard leaves the page and comes back to its top.
    if (isCovered && !name.startsWith('BODY')) covered.push(name);
  }
  expect(seen.size).toBeGreaterThan(20);
  expect(covered).toEqual([]);
  await phone.close();
});
