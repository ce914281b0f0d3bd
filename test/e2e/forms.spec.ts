import type { Page } from '@playwright/test';

import { expect, otherDevice, test } from './fixtures.ts';
import { faults, sticksOut } from './looks.ts';
import { acceptCharter, beginCapture, chooseTerm, saveCapture, signIn, standInBasemap } from './steps.ts';

/** What axe holds against the screen, once, and what sticks out on its right. */
async function check(page: Page, name: string, isFirst: boolean): Promise<void> {
  if (isFirst) expect.soft(await faults(page), name).toEqual([]);
  const size = page.viewportSize();
  // The same on a phone zoomed to 200 %.
  for (const narrow of [size, { width: 195, height: 422 }]) {
    if (narrow) await page.setViewportSize(narrow);
    expect.soft(await sticksOut(page), `${name} scrolls sideways, ${narrow?.width} px`).toEqual([]);
  }
  if (size) await page.setViewportSize(size);
}

const section = (page: Page, name: string) => page.locator('details details > summary', { hasText: name });

test('forms: several lanterns on one pole, a survey that walks in, and a word that was lacking', async ({
  browser,
  server,
}) => {
  // A phone, then 320 CSS px: a small phone, or a zoom of 400 %.
  for (const [index, device] of [{}, { viewport: { width: 320, height: 640 } }].entries()) {
    const phone = await otherDevice(browser, server, { ...device, reducedMotion: 'reduce' });
    await standInBasemap(phone);
    const page = await phone.newPage();
    await signIn(page, 'volontaire@capitelle.test');
    // Another test of this server may have accepted it.
    await page.waitForURL(/#\/(charter)?$/);
    if (page.url().endsWith('#/charter')) await acceptCharter(page);

    await test.step('lanterns: add, reorder, remove, undo, by keyboard', async () => {
      await beginCapture(page, 'Éclairage');
      await page.getByText('Mur ou façade').click();
      await page.getByText('Compléter la fiche').click();
      await section(page, 'Plusieurs lanternes').click();
      await page.getByRole('button', { name: 'Ajouter : Lanterne' }).press('Enter');
      // The new item is open, and the keyboard is on it.
      await expect(page.locator('summary:focus')).toHaveText(/Lanterne 1/);
      const items = page.locator('fieldset li > details');
      await items.nth(0).getByText('Vasque ou boule').click();
      await page.getByRole('button', { name: 'Ajouter encore : Lanterne' }).press('Enter');
      await items.nth(1).getByText('Applique').click();
      await items.nth(1).getByText('Allumé', { exact: true }).click();
      await expect(items.nth(1).getByText('Orange')).toBeVisible();
      await page.getByRole('button', { name: 'Monter Lanterne 2' }).press('Enter');
      await expect(items.nth(0).locator('summary')).toContainText('Applique');
      // The button went with what it moved: at the top only "down" is left, and it has the keyboard.
      await expect(page.getByRole('button', { name: 'Descendre Lanterne 1' })).toBeFocused();
      await check(page, 'lanterns', index === 0);
      await items.nth(0).getByRole('button', { name: 'Retirer Lanterne 1' }).press('Enter');
      await expect(items).toHaveCount(1);
      await page.getByRole('button', { name: 'Annuler' }).click();
      await expect(items).toHaveCount(2);
      // An item in fault opens, and the summary leads to its question.
      await page.getByRole('button', { name: 'Ajouter encore : Lanterne' }).click();
      await items.nth(2).getByText('Éteint', { exact: true }).click();
      await page.getByRole('button', { name: 'Enregistrer', exact: false }).last().click();
      await page.getByRole('link', { name: /Lanterne 3/ }).click();
      await expect(items.nth(2).getByText('Répondez à cette question.')).toBeVisible();
      await expect(page.getByText('Gardé ici')).toBeVisible();
      await page.reload();
      await page.getByText('Compléter la fiche').click();
      await section(page, 'Plusieurs lanternes').click();
      await expect(items).toHaveCount(3);
    });

    await test.step('accessibility: from the street in, what hides is not asked, how far one has come', async () => {
      await beginCapture(page, 'Accessibilité');
      await expect(page.getByText('Combien de marches ?')).toHaveCount(0);
      await page.getByText('Non, des marches').click();
      await expect(page.getByText('Combien de marches ?')).toBeVisible();
      await page.getByText('Compléter la fiche').click();
      const names = await page.locator('details details > summary .title').allTextContents();
      expect(names.slice(1, 5)).toEqual(['Venir et s’approcher', 'L’entrée', 'L’accueil', 'Les toilettes']);
      await section(page, 'Les toilettes').click();
      await page
        .getByRole('group', { name: /toilettes ouvertes/ })
        .getByText('Je ne suis pas sûr')
        .click();
      await expect(section(page, 'Les toilettes')).toContainText('1 réponse sur 1');
      await page
        .getByRole('group', { name: /toilettes ouvertes/ })
        .getByText('Oui')
        .click();
      await expect(section(page, 'Les toilettes')).toContainText('1 réponse sur 2');
      if (index > 0) await expect(page.getByRole('heading', { name: 'Est-ce celui-ci ?' })).toBeVisible();
      await check(page, 'accessibility', index === 0);
      // The second phone asks whether it is this one: its words fit beside the survey too.
      await chooseTerm(page, 'boulang', /^Boulangerie/);
      await page.getByLabel('Nom de l’établissement').fill(`Boulangerie-pâtisserie ${index}`);
      await saveCapture(page);
    });

    await test.step('a word that the thesaurus lacks leaves with the point', async () => {
      await beginCapture(page, 'Petit patrimoine');
      await page.getByRole('button', { name: 'Chercher le terme' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Chercher un terme').fill('lavoi');
      await expect(dialog.getByText('Par exemple', { exact: false }).first()).toBeVisible();
      await dialog.getByLabel('Chercher un terme').fill('tinal de vigneron');
      await dialog.getByRole('button', { name: 'Je ne trouve pas le terme' }).click();
      await check(page, 'propose a word', index === 0);
      await expect(dialog.getByLabel('Quel mot diriez-vous ?')).toHaveValue('tinal de vigneron');
      await dialog.getByLabel('Dans quelle langue ?').selectOption('oc');
      await phone.setOffline(true);
      await dialog.getByRole('button', { name: 'Proposer ce mot' }).click();
      await expect(page.getByRole('heading', { name: '« tinal de vigneron »' })).toBeVisible();
      // A number that is none stays as it was typed, and is told.
      await page.getByText('Compléter la fiche').click();
      await section(page, 'Construction').click();
      const height = page.getByRole('textbox', { name: 'Hauteur' });
      await height.fill('environ 3 m');
      await page.getByRole('button', { name: 'Enregistrer ce point' }).click();
      await expect(page.getByText(/Écrivez un nombre en chiffres seuls/).last()).toBeVisible();
      await expect(height).toHaveValue('environ 3 m');
      await height.fill('3,5');
      await saveCapture(page);
      await phone.setOffline(false);
      await expect(page.getByText(/mot proposé/).first()).toBeVisible();
      const kept = () =>
        server.sql<{ lang: string }>(
          `select lang from app.term_proposals where text = 'tinal de vigneron' order by created_at`,
        );
      await expect.poll(async () => (await kept()).length).toBe(index + 1);
      expect((await kept())[index]?.lang).toBe('oc');
    });
    await phone.close();
  }
});
