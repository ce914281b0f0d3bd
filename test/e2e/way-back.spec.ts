import { expect, test } from './fixtures.ts';
import { acceptCharter, beginCapture, signIn, standInBasemap } from './steps.ts';

test('the way back finds the list where it was left, and the search says what is searched', async ({
  page,
  context,
}) => {
  await standInBasemap(context);
  await page.goto('/#/?view=list');
  const rows = page.getByRole('listitem').getByRole('link');
  await expect(rows.nth(12)).toBeVisible();
  await rows.nth(12).evaluate((row) => row.scrollIntoView({ block: 'center' }));
  await expect.poll(() => page.evaluate(() => history.state?.scrolled?.top ?? 0)).toBeGreaterThan(300);
  const top = () => rows.nth(12).evaluate((row) => row.getBoundingClientRect().top);
  const left = await top();
  await rows.nth(12).click();
  await expect(page.getByRole('heading', { name: 'Où' })).toBeVisible();
  expect(await page.evaluate(() => scrollY), 'a new screen begins at its top').toBe(0);

  await page.goBack();
  await expect(rows.nth(12)).toBeVisible();
  // the row, not the page, whose rows above it may take their words and photos meanwhile: within a line of text
  await expect.poll(async () => Math.abs((await top()) - left)).toBeLessThan(16);

  const field = page.getByRole('searchbox', { name: 'Chercher un lieu, un terme ou une commune' });
  await page.goto('/#/?view=list&q=zzzzzz');
  await expect(field).toHaveValue('zzzzzz');
  await page.getByRole('button', { name: 'Tout afficher' }).click();
  await expect(rows.first()).toBeVisible();
  await expect(field).toHaveValue('');

  // What the first load leaves out is there when it is wanted: the search of terms, and the filters.
  await field.fill('lavad');
  await expect(page.getByRole('listitem').getByRole('button', { name: /^Lavoir/ })).toBeVisible();
  await field.fill('');
  await page.getByRole('button', { name: 'Filtrer les points' }).click();
  await expect(page.getByRole('dialog', { name: 'Filtres' })).toBeVisible();
});

test('the cross opens on the place of the point', async ({ page, context }) => {
  await standInBasemap(context);
  await signIn(page, 'volontaire@capitelle.test');
  if (page.url().endsWith('/charter')) await acceptCharter(page);
  await beginCapture(page, 'Petit patrimoine');
  await page.getByRole('button', { name: 'Ajuster' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('region', { name: 'Carte à déplacer sous la croix' })).toBeVisible();
  // long enough for the map to take its size
  await page.waitForTimeout(500);
  await expect(dialog.getByRole('status').filter({ hasText: 'La croix est' })).toHaveText(
    /^La croix est à [01]\sm de votre position/,
  );
  await page.setViewportSize({ width: 844, height: 390 });
  await page.waitForTimeout(500);
  await expect(dialog.getByRole('status').filter({ hasText: 'La croix est' })).toHaveText(
    /^La croix est à [01]\sm de votre position/,
  );
});
