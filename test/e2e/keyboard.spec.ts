import type { Page } from '@playwright/test';

import { expect, otherDevice, test } from './fixtures.ts';
import { press, tabTo, type } from './keys.ts';
import { DEMO_PASSWORD, photoFile, stand, standInBasemap } from './steps.ts';

const NAME = 'Fontaine sans souris';
async function signInByKeys(page: Page, email: string): Promise<void> {
  await page.goto('/#/sign-in');
  await type(page, page.getByLabel('Adresse e-mail'), email);
  await type(page, page.getByLabel('Mot de passe', { exact: true }), DEMO_PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page).not.toHaveURL(/sign-in/);
}

/** Signs in by keys as the volunteer, who may still have the charter to accept. */
async function enter(page: Page): Promise<void> {
  await signInByKeys(page, 'volontaire@capitelle.test');
  const tick = page.getByRole('checkbox', { name: /15 ans/ });
  if (!page.url().endsWith('/charter')) return;
  await press(page, tick, 'Space');
  await press(page, page.getByRole('button', { name: 'J’accepte la charte' }));
  await expect(page).toHaveURL(/#\/$/);
}

/** Names the thing by keys: Enter takes what was typed whole, else leads to the first term found. */
async function nameByKeys(page: Page, typed: string, term: RegExp): Promise<void> {
  await press(page, page.getByRole('button', { name: 'Chercher le terme' }));
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Chercher un terme')).toBeFocused();
  await page.keyboard.type(typed);
  await expect(dialog.getByRole('button', { name: term }).first()).toBeVisible();
  await page.keyboard.press('Enter');
  const first = dialog.getByRole('listitem').getByRole('button').first();
  const named = page.getByRole('heading', { level: 2, name: term });
  await expect(named.or(first).first()).toBeVisible();
  if (await first.isVisible()) {
    await expect(first).toBeFocused();
    await page.keyboard.press('Enter');
  }
  await expect(named).toBeVisible();
}

test('lights in series, then an accessible place, by keyboard alone', async ({ browser, server }) => {
  const phone = await otherDevice(browser, server);
  await standInBasemap(phone);
  const page = await phone.newPage();
  await enter(page);
  const begin = async (theme: RegExp) => {
    await page.goto('/#/add');
    await stand(phone);
    await press(page, page.getByRole('button', { name: theme }));
    await expect(page.getByText(/^Précise à/)).toBeVisible();
  };
  const number = page.getByLabel('Numéro sur le mât');

  await test.step('three lights, the last one taken back', async () => {
    await begin(/Éclairage public/);
    await nameByKeys(page, 'lampadaire', /^(Lampadaire|Candélabre)/i);
    await type(page, number, 'EP-0710');
    for (const next of ['EP-0711', 'EP-0712', 'EP-0713']) {
      await press(page, page.getByRole('button', { name: 'Enregistrer, puis le suivant' }));
      await expect(number).toHaveValue(next);
      await expect(page.getByText(/^Précise à/)).toBeVisible();
    }
    await press(page, page.getByRole('button', { name: 'Annuler le précédent' }));
    await expect(page.getByText('2 points dans cette série')).toBeVisible();
    await expect(number).toHaveValue('EP-0712');
    await press(page, page.getByRole('button', { name: 'Arrêter', exact: true }));
    await expect(page.getByRole('heading', { level: 1, name: 'Mes envois' })).toBeFocused();
  });

  await test.step('a survey', async () => {
    await begin(/Accessibilité/);
    await type(page, page.getByLabel('Nom de l’établissement'), 'Le Fournil des touches');
    await nameByKeys(page, 'boulang', /^Boulangerie/);
    await press(page, page.getByRole('radio', { name: 'Oui', exact: true }).first(), 'Space');
    await press(page, page.locator('summary', { hasText: 'Compléter la fiche' }).first());
    await press(page, page.locator('details details > summary').first());
    await press(page, page.getByRole('button', { name: 'Enregistrer ce point' }));
    await expect(page.getByRole('heading', { level: 1, name: 'Mes envois' })).toBeFocused();
    await expect(page.getByText('Le Fournil des touches').first()).toBeVisible();
  });
  await phone.close();
});

test('a whole capture, then its publication, by keyboard alone', async ({ browser, server }) => {
  const phone = await otherDevice(browser, server);
  await standInBasemap(phone);
  const page = await phone.newPage();

  await test.step('sign in, charter', async () => {
    await enter(page);
  });

  await test.step('capture', async () => {
    await stand(phone);
    await press(page, page.getByRole('link', { name: 'Ajouter', exact: true }));
    await press(page, page.getByRole('button', { name: 'Petit patrimoine' }));
    await expect(page).toHaveURL(/#\/capture\//);

    const camera = page.locator('input[type=file][capture]');
    await expect(async () => {
      // A browser that was busy for five seconds between a key and its release opens nothing.
      const chooser = page.waitForEvent('filechooser', { timeout: 15_000 });
      await Promise.all([press(page, camera, 'Space'), chooser]);
      await (await chooser).setFiles(photoFile());
    }).toPass();
    await expect(page.getByRole('button', { name: 'Ouvrir la photo 1 sur 1' })).toBeVisible();

    await press(page, page.getByRole('button', { name: 'Ajuster' }));
    const dialog = page.getByRole('dialog');
    await press(page, dialog.getByRole('button', { name: 'Un peu au nord' }));
    await press(page, dialog.getByRole('button', { name: 'Placer ici' }));
    await expect(page.getByText('Placé sur la carte')).toBeVisible();

    await nameByKeys(page, 'fontaine', /^Fontaine/);

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
    // nothing is decided before it is read
    await expect(review.getByRole('listitem').filter({ hasText: /État\s+Bon/ })).toBeVisible();
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
