import type { Page } from '@playwright/test';

import { expect, otherDevice, test } from './fixtures.ts';
import { press } from './keys.ts';
import { placeOf, publishedPoint } from './screens.ts';
import { acceptCharter, becomeInstalled, beginCapture, photoFile, signIn, standInBasemap } from './steps.ts';

/** Where the next key goes: never to the top of the page, be a dialog open or not. */
const focused = (page: Page) => expect(page.locator(':focus')).toHaveCount(1);
const focusedInDialog = (page: Page) => expect(page.getByRole('dialog').locator(':focus')).toHaveCount(1);

test('the focus stays where one is, when what was pressed goes away', async ({ browser, server }) => {
  const place = await placeOf(server, await publishedPoint(server));
  const geolocation = { longitude: place.lon, latitude: place.lat, accuracy: 8 };
  const field = await otherDevice(browser, server, { hasTouch: true, isMobile: true, geolocation });
  await standInBasemap(field);
  const page = await field.newPage();
  await signIn(page, 'volontaire@capitelle.test');
  if (/charter/.test(page.url())) await acceptCharter(page);
  await becomeInstalled(page);
  await field.setGeolocation(geolocation);

  await page.goto('/#/nearby');
  const stillThere = page.getByRole('button', { name: /^Toujours là/ }).first();
  await expect(stillThere).toBeVisible({ timeout: 60_000 });
  await stillThere.focus();
  await page.keyboard.press('Enter');
  const undo = page.getByRole('button', { name: /^Annuler pour / }).first();
  await expect(undo).toBeVisible();
  await focused(page);
  await press(page, undo);
  await expect(undo).toBeHidden();
  await focused(page);

  // The search is readied beside the page, which answers meanwhile: as soon as the form asks for a term.
  const readied = page.waitForEvent('worker', (worker) => worker.url().includes('term-index-worker'));
  await beginCapture(page, 'Petit patrimoine');
  await press(page, page.getByRole('button', { name: 'Chercher le terme' }));
  await readied;
  const dialog = page.getByRole('dialog');
  await press(page, dialog.getByRole('button', { name: /^Archéologie/ }).first());
  await expect(dialog.getByRole('status')).toContainText(/^Archéologie.*Termes/);
  await focusedInDialog(page);
  // Enter never takes a term that nobody has read.
  await dialog.getByLabel('Chercher un terme').fill('croix chemin');
  await dialog.getByLabel('Chercher un terme').press('Enter');
  await expect(dialog.getByRole('button', { name: /^Croix de chemin/ })).toBeFocused();
  await dialog.getByLabel('Chercher un terme').fill('croix de chemin');
  await dialog.getByLabel('Chercher un terme').press('Enter');
  await expect(page.getByRole('heading', { level: 2, name: 'Croix de chemin' })).toBeVisible();

  const files = [photoFile('a.jpg', 800, 600), photoFile('b.jpg', 800, 600)];
  await page.locator('input[type=file]:not([capture])').first().setInputFiles(files);
  await press(page, page.getByRole('button', { name: 'Ouvrir la photo 2 sur 2' }));
  await press(page, dialog.getByRole('button', { name: 'Avancer d’une place' }));
  await expect(dialog.getByRole('heading', { name: 'Photo 1 sur 2' })).toBeVisible();
  await focusedInDialog(page);
  await press(page, dialog.getByRole('button', { name: 'Jeter cette photo' }));
  await expect(page.getByRole('button', { name: 'Ouvrir la photo 1 sur 1' })).toBeVisible();
  await focused(page);
  await page.context().close();
});
