import type { Locator, Page } from '@playwright/test';

import { expect, otherDevice, test } from './fixtures.ts';
import { DEMO_PASSWORD, photoFile, stand, standInBasemap } from './steps.ts';

const NAME = 'Fontaine sans souris';
/** More stops than that before what one wants is a trap, not a page. */
const MOST_STOPS = 80;

/** Goes forward with Tab until something has the focus, which must then show. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach ${target.toString()}`);
}

async function press(page: Page, target: Locator, key = 'Enter'): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press(key);
}

async function type(page: Page, target: Locator, text: string): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.type(text);
}

async function signInByKeys(page: Page, email: string): Promise<void> {
  await page.goto('/#/sign-in');
  await type(page, page.getByLabel('Adresse e-mail'), email);
  await type(page, page.getByLabel('Mot de passe', { exact: true }), DEMO_PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page).not.toHaveURL(/sign-in/);
}

test('a whole capture, then its publication, by keyboard alone', async ({ browser, server }) => {
  test.setTimeout(300_000);
  const phone = await otherDevice(browser, server);
  await standInBasemap(phone);
  const page = await phone.newPage();

  await test.step('sign in, charter', async () => {
    await signInByKeys(page, 'volontaire@capitelle.test');
    const tick = page.getByRole('checkbox', { name: /15 ans/ });
    if (page.url().endsWith('/charter')) {
      await press(page, tick, 'Space');
      await press(page, page.getByRole('button', { name: 'J’accepte la charte' }));
      await expect(page).toHaveURL(/#\/$/);
    }
  });

  await test.step('capture', async () => {
    await stand(phone);
    await press(page, page.getByRole('link', { name: 'Ajouter', exact: true }));
    await press(page, page.getByRole('button', { name: 'Petit patrimoine' }));
    await expect(page).toHaveURL(/#\/capture\//);

    const camera = page.locator('input[type=file][capture]');
    await tabTo(page, camera);
    const chooser = page.waitForEvent('filechooser');
    await page.keyboard.press('Space');
    await (await chooser).setFiles(photoFile());
    await expect(page.getByRole('button', { name: 'Ouvrir la photo 1 sur 1' })).toBeVisible();

    await press(page, page.getByRole('button', { name: 'Ajuster' }));
    const dialog = page.getByRole('dialog');
    await press(page, dialog.getByRole('button', { name: 'Un peu au nord' }));
    await press(page, dialog.getByRole('button', { name: 'Placer ici' }));
    await expect(page.getByText('Placé sur la carte')).toBeVisible();

    await press(page, page.getByRole('button', { name: 'Chercher le terme' }));
    await expect(dialog.getByLabel('Chercher un terme')).toBeFocused();
    await page.keyboard.type('fontaine');
    await expect(dialog.getByRole('button', { name: /^Fontaine/ }).first()).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 2, name: 'Fontaine' })).toBeVisible();

    await press(page, page.getByRole('radio', { name: 'Bon', exact: true }), 'Space');
    await type(page, page.getByLabel('Nom d’usage'), NAME);
    await press(page, page.getByRole('button', { name: 'Enregistrer ce point' }));
    await expect(page.getByRole('heading', { level: 1, name: 'Mes envois' })).toBeFocused();
    await expect(page.getByText(NAME).first()).toBeVisible();
    await expect
      .poll(async () => server.sql(`select status from app.points where attributes ->> 'name' = $1`, [NAME]))
      .toEqual([{ status: 'submitted' }]);
  });

  await test.step('moderation', async () => {
    const desk = await otherDevice(browser, server, { viewport: { width: 1280, height: 800 } });
    await standInBasemap(desk);
    const review = await desk.newPage();
    await signInByKeys(review, 'moderation@capitelle.test');
    await press(review, review.getByRole('button', { name: 'Ouvrir le menu de Capitelle' }));
    await press(review, review.getByRole('dialog').getByRole('link', { name: 'Relecture' }));
    const queue = review.getByRole('navigation', { name: 'File de relecture' });
    await press(review, queue.getByRole('link', { name: NAME }));
    await expect(review.getByRole('heading', { level: 2, name: NAME })).toBeFocused();
    // a reason is asked, and taken back: nothing is decided by a slip
    await review.keyboard.press('r');
    await expect(review.getByRole('dialog', { name: /^Pourquoi refuser\s\?/ })).toBeVisible();
    await review.keyboard.press('Escape');
    await tabTo(review, review.getByRole('button', { name: 'Publier' }));
    await review.keyboard.press('a');
    await expect(queue.getByRole('link', { name: NAME })).toHaveCount(0);
    await expect
      .poll(
        async () => server.sql(`select status from app.points where attributes ->> 'name' = $1`, [NAME]),
        { timeout: 30_000 },
      )
      .toEqual([{ status: 'published' }]);
    await desk.close();
  });
  await phone.close();
});
