import { DeskScene } from '../support/desk-scene.ts';
import { expect, otherDevice, test } from './fixtures.ts';
import { faults } from './looks.ts';
import { becomeInstalled, signIn, standInBasemap } from './steps.ts';

const DESK = { width: 1280, height: 800 };
/** A decision is held eight seconds, then leaves. */
const LEFT = { timeout: 40_000 };

test('the queue is taken along, decided on without network, and what grew old meanwhile comes back told', async ({
  browser,
  server,
}) => {
  const scene = await DeskScene.open(server);
  await scene.clear();
  const moved = await scene.submit('Lavoir changé', { 'attributes.condition': 'good' });
  const quiet = await scene.submit('Lavoir inchangé');
  await scene.photo(quiet);
  const context = await otherDevice(browser, server, { viewport: DESK });
  await standInBasemap(context);
  const page = await context.newPage();
  await signIn(page, 'moderation@capitelle.test');
  await becomeInstalled(page);
  await page.goto('/#/moderation');
  await page.getByRole('button', { name: 'Emporter' }).click();
  await expect(page.getByText(/^2 fiches emportées/)).toBeVisible();

  await context.setOffline(true);
  await page.reload();
  await expect(page.getByText(/^Sans réseau/)).toBeVisible();
  const heading = (name: string) => page.getByRole('heading', { level: 2, name });
  await expect(heading('Lavoir changé')).toBeVisible();
  await expect(page.getByText('Lu sans réseau, tel qu’emporté.')).toBeVisible();
  expect(await faults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Publier', exact: true }).click();
  await expect(heading('Lavoir inchangé')).toBeVisible();
  await expect(page.locator('.photo img')).toBeVisible();
  await page.getByRole('button', { name: 'Publier', exact: true }).click();
  await expect(page.getByText('Publié : Lavoir inchangé')).toBeVisible();

  await scene.edit(moved, { 'attributes.condition': 'good' }, { 'attributes.condition': 'ruin' });
  await context.setOffline(false);
  await expect.poll(() => scene.statusOf(quiet.id), LEFT).toBe('published');
  const returned = page.getByRole('region', { name: '1 décision n’a pas été prise' });
  await expect(returned).toBeVisible(LEFT);
  await returned.getByRole('link').click();
  const told = page.getByRole('alert').filter({ hasText: 'Votre décision n’a pas été prise' });
  await expect(told).toContainText('État : Bon, puis Ruine');
  await expect(told).toContainText('Relisez la fiche et décidez de nouveau.');
  await page.getByRole('button', { name: 'Publier', exact: true }).click();
  await expect(returned).toBeHidden();
  await expect.poll(() => scene.statusOf(moved.id), LEFT).toBe('published');
  await context.close();
});

test('many at once: what must be looked at alone says why, one changed meanwhile comes back, the others pass', async ({
  browser,
  server,
}) => {
  const scene = await DeskScene.open(server);
  await scene.clear();
  const place = { lon: 2.71, lat: 43.16, accuracy_m: 8, source: 'gps' };
  await scene.publish('Lavoir connu', { geom: place });
  const alone = await scene.submit('Lavoir en double', { geom: { ...place, lat: 43.1601 } });
  const changed = await scene.submit('Lavoir changé');
  const others = [await scene.submit('Lavoir A'), await scene.submit('Lavoir B')];
  const context = await otherDevice(browser, server, { viewport: DESK });
  await standInBasemap(context);
  const page = await context.newPage();
  await signIn(page, 'moderation@capitelle.test');
  await page.goto('/#/moderation');
  await page.getByRole('button', { name: /^En lot : 4/ }).click();
  const publish = page.getByRole('button', { name: 'Publier les 3' });
  await expect(publish).toBeVisible();
  await expect(page.getByText('À regarder seul : un point semblable est tout près.')).toBeVisible();
  expect(await faults(page)).toEqual([]);

  await test.step('one gesture takes all of them back', async () => {
    await publish.click();
    await expect(page.getByText('Publiés : 3')).toBeVisible();
    await page.getByRole('button', { name: 'Annuler', exact: true }).click();
    await expect(page.getByText('Décision annulée')).toBeVisible();
    await expect(page.getByRole('navigation').getByRole('link', { name: /Lavoir [AB]/ })).toHaveCount(2);
  });

  await page.getByRole('link', { name: /Lavoir en double/ }).click();
  await page.getByRole('button', { name: /^En lot : 4/ }).click();
  await publish.click();
  await scene.edit(changed, { 'attributes.condition': null }, { 'attributes.condition': 'ruin' });
  await expect(page.getByRole('region', { name: '1 décision n’a pas été prise' })).toContainText(
    'Publier',
    LEFT,
  );
  for (const { id } of others) await expect.poll(() => scene.statusOf(id), LEFT).toBe('published');
  expect(await scene.statusOf(changed.id)).toBe('submitted');
  expect(await scene.statusOf(alone.id)).toBe('submitted');
  await context.close();
});
