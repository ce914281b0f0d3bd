import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

import { expect, otherDevice, test } from './fixtures.ts';
import { acceptCharter, beginCapture, saveCapture, signIn, standInBasemap } from './steps.ts';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What axe holds against the screen, and what sticks out on its right. */
async function check(page: Page, name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  const faults = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`,
  );
  expect.soft(faults, name).toEqual([]);
  const sideways = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect.soft(sideways, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
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
      await check(page, 'lanterns');
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
      await check(page, 'accessibility');
    });

    await test.step('a word that the thesaurus lacks leaves with the point', async () => {
      await beginCapture(page, 'Petit patrimoine');
      await page.getByRole('button', { name: 'Chercher le terme' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Chercher un terme').fill('lavoi');
      await expect(dialog.getByText('Par exemple', { exact: false }).first()).toBeVisible();
      await dialog.getByLabel('Chercher un terme').fill('tinal de vigneron');
      await dialog.getByRole('button', { name: 'Je ne trouve pas le terme' }).click();
      await check(page, 'propose a word');
      await expect(dialog.getByLabel('Quel mot diriez-vous ?')).toHaveValue('tinal de vigneron');
      await dialog.getByLabel('Dans quelle langue ?').selectOption('oc');
      await dialog.getByRole('button', { name: 'Proposer ce mot' }).click();
      await expect(page.getByRole('heading', { name: '« tinal de vigneron »' })).toBeVisible();
      await saveCapture(page);
      await expect(page.getByText(/mot proposé/).first()).toBeVisible();
      const kept = () =>
        server.sql<{ text: string; lang: string }>(
          'select text, lang from app.term_proposals order by created_at',
        );
      await expect.poll(async () => (await kept()).length).toBe(index + 1);
      expect((await kept())[index]).toEqual({ text: 'tinal de vigneron', lang: 'oc' });
    });
    await phone.close();
  }
});
