import type { Page } from '@playwright/test';

import { expect, otherDevice, test } from './fixtures.ts';
import { faults, sticksOut } from './looks.ts';
import { acceptCharter, signIn, standInBasemap } from './steps.ts';

const SOURCE = 'Inventaire CAUE 2004';
const VALUES = [
  'LAVOIRS\t12',
  'Croix du chemin\t7',
  'Lavoire\t3',
  'Lavoir ; fontaine\t2',
  'Travail à ferrer les bœufs roux',
  'Xyzzy\t4',
].join('\n');

async function openWorkshop(page: Page): Promise<void> {
  await page.goto('/#/vocabulary/petit-patrimoine/align');
  await expect(page.getByRole('heading', { name: 'Aligner une base' })).toBeVisible();
}

const row = (page: Page, value: string) =>
  page
    .getByRole('listitem')
    .filter({ has: page.getByText(value, { exact: true }) })
    .first();

test('a coordinator aligns a legacy list, by keyboard too, and finds it again', async ({
  browser,
  server,
}) => {
  const device = await otherDevice(browser, server, {
    viewport: { width: 390, height: 844 },
    reducedMotion: 'reduce',
  });
  await standInBasemap(device);
  const page = await device.newPage();
  await signIn(page, 'coordination@capitelle.test');
  await page.waitForURL(/#\/(charter)?$/);
  if (page.url().endsWith('#/charter')) await acceptCharter(page);

  await test.step('what lacks is said, then the list is read', async () => {
    await openWorkshop(page);
    await page.getByRole('button', { name: 'Chercher les termes' }).click();
    await expect(page.getByText('Donnez un nom à la base.')).toBeVisible();
    await page.getByLabel('Nom de la base').fill(SOURCE);
    await page.getByLabel('Valeurs', { exact: true }).fill(VALUES);
    expect.soft(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Chercher les termes' }).click();
    await expect(page.getByText('0\u00a0% des lignes ont leur terme')).toBeVisible();
    await expect(row(page, 'Lavoir ; fontaine')).toContainText('Plusieurs termes');
    await page.screenshot({ path: test.info().outputPath('list-390.png'), fullPage: true });
    for (const narrow of [
      { width: 320, height: 640 },
      { width: 1280, height: 800 },
      { width: 390, height: 844 },
    ]) {
      await page.setViewportSize(narrow);
      expect.soft(await sticksOut(page), `${narrow.width} px`).toEqual([]);
      if (narrow.width === 1280) await page.screenshot({ path: test.info().outputPath('list-1280.png') });
    }
    expect.soft(await faults(page)).toEqual([]);
  });

  await test.step('what is sure is taken at once, taken back, and taken again', async () => {
    const take = page.getByRole('button', { name: 'Accepter les 2 sûres' });
    await take.click();
    await expect(page.getByText(/^65\u00a0% des lignes/)).toBeVisible();
    await page.getByRole('button', { name: 'Annuler' }).click();
    await take.click();
    await expect(page.getByText('2 valeurs décidées sur 6')).toBeVisible();
  });

  await test.step('one by keyboard, one chosen, one none, one proposed', async () => {
    const suggestion = row(page, 'Lavoire').getByRole('button', { name: /accepter Lavoir, ressemble/ });
    await suggestion.focus();
    await page.keyboard.press('Enter');
    await expect(row(page, 'Lavoire')).toHaveCount(0);
    await row(page, 'Lavoir ; fontaine')
      .getByRole('button', { name: /choisir un autre terme/ })
      .press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Chercher').fill('fontaine-lavoir');
    await dialog.getByLabel('Chercher').fill('fontaine');
    await page.keyboard.press('Enter');
    await expect(dialog).toBeHidden();
    await expect(row(page, 'Lavoir ; fontaine')).toHaveCount(0);
    await row(page, 'Xyzzy')
      .getByRole('button', { name: /aucun terme/ })
      .click();
    await page
      .getByRole('button', { name: /proposer ce mot/ })
      .first()
      .click();
    await expect(page.getByText('6 valeurs décidées sur 6')).toBeVisible();
  });

  await test.step('without network nothing is lost', async () => {
    await page.getByLabel('Montrer').selectOption('decided');
    await device.setOffline(true);
    await row(page, 'Xyzzy')
      .getByRole('button', { name: /revoir/ })
      .click();
    await expect(page.getByText(/Pas de réseau.*1 en attente/)).toBeVisible();
    await device.setOffline(false);
    await page.getByRole('button', { name: 'Envoyer' }).click();
    await expect(page.getByText(/Pas de réseau/)).toBeHidden();
    await page.getByLabel('Montrer').selectOption('todo');
    await row(page, 'Xyzzy')
      .getByRole('button', { name: /aucun terme/ })
      .click();
  });

  await test.step('a table to download, in which nothing is a formula', async () => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Télécharger la table' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`${SOURCE}.csv`);
  });

  await test.step('coming back finds it, on this device and on another', async () => {
    await page.reload();
    await expect(page.getByText('6 valeurs décidées sur 6')).toBeVisible();
    await page.getByRole('button', { name: 'Changer de base' }).click();
    await page.getByRole('button', { name: new RegExp(SOURCE) }).click();
    await page.getByLabel('Valeurs', { exact: true }).fill(VALUES);
    await page.getByRole('button', { name: 'Chercher les termes' }).click();
    await expect(page.getByText('6 valeurs décidées sur 6')).toBeVisible();
    await page.getByLabel('Montrer').selectOption('decided');
    await expect(row(page, 'Lavoir ; fontaine')).toContainText('Fontaine');
    await expect(row(page, 'Travail à ferrer les bœufs roux')).toContainText('Mot proposé');
  });

  await test.step('a CSV file of Windows, its column chosen', async () => {
    await page.getByRole('button', { name: 'Changer de base' }).click();
    const csv = Buffer.from('id;nature\r\n1;Calvaire\r\n2;Séchoir à châtaignes\r\n', 'latin1');
    await page
      .getByLabel('Ou un fichier CSV')
      .setInputFiles({ name: 'pays.csv', mimeType: 'text/csv', buffer: csv });
    await page.getByLabel('Colonne des valeurs').selectOption('nature');
    await expect(page.getByLabel('Nom de la base')).toHaveValue('pays');
    await page.getByRole('button', { name: 'Chercher les termes' }).click();
    await expect(row(page, 'Séchoir à châtaignes')).toContainText('1 ligne');
  });
});
