import { DeskScene } from '../support/desk-scene.ts';
import { expect, otherDevice, test } from './fixtures.ts';
import { faults, sticksOut } from './looks.ts';
import { signIn, standInBasemap } from './steps.ts';

/** A decision is held eight seconds, then leaves. */
const LEFT = { timeout: 30_000 };
const WAY_IN = { name: 'Relire ou modérer ce point' };

test('a published point is archived and restored from its public sheet, by who moderates it', async ({
  browser,
  server,
}) => {
  const scene = await DeskScene.open(server);
  await scene.clear();
  const { id } = await scene.publish('Lavoir oublié');
  const context = await otherDevice(browser, server);
  await standInBasemap(context);
  const page = await context.newPage();

  await test.step('a reader finds no way in', async () => {
    await page.goto(`/#/p/${id}`);
    await expect(page.getByRole('heading', { name: 'Lavoir oublié' })).toBeVisible();
    await expect(page.getByRole('link', WAY_IN)).toHaveCount(0);
  });

  await test.step('a moderator archives it', async () => {
    await signIn(page, 'moderation@capitelle.test');
    await page.goto(`/#/p/${id}`);
    await expect(page.getByRole('link', WAY_IN)).toBeVisible();
    expect(await sticksOut(page)).toEqual([]);
    expect(await faults(page)).toEqual([]);
    await page.getByRole('link', WAY_IN).click();
    await page.getByRole('button', { name: 'Archiver', exact: true }).click();
    const reason = page.getByRole('dialog', { name: 'Pourquoi archiver ?' });
    await reason.getByRole('radio').first().check({ force: true });
    await reason.getByRole('button', { name: 'Archiver' }).click();
    await expect.poll(() => scene.statusOf(id), LEFT).toBe('archived');
  });

  await test.step('and restores it from its address, which still answers', async () => {
    await page.goto(`/#/p/${id}`);
    await page.getByRole('link', WAY_IN).click();
    await page.getByRole('button', { name: 'Rétablir', exact: true }).click();
    await expect.poll(() => scene.statusOf(id), LEFT).toBe('published');
  });
  await context.close();
});

test('a merge is undone from the old address, however long ago it was', async ({ browser, server }) => {
  const scene = await DeskScene.open(server);
  await scene.clear();
  const stays = await scene.publish('Lavoir resté');
  const goes = await scene.submit('Lavoir réuni');
  await scene.decide(goes, 'duplicate', { reason: 'duplicate', duplicate_of: stays.id });
  const context = await otherDevice(browser, server);
  await standInBasemap(context);
  const page = await context.newPage();
  const back = page.getByRole('link', { name: 'Relire la fiche réunie à celle-ci' });

  await page.goto(`/#/p/${goes.id}`);
  await expect(page.getByRole('heading', { name: 'Lavoir resté' })).toBeVisible();
  await expect(back).toHaveCount(0);
  await signIn(page, 'moderation@capitelle.test');
  await page.goto(`/#/p/${goes.id}`);
  await back.click();
  await page.getByRole('button', { name: 'Rétablir', exact: true }).click();
  await expect.poll(() => scene.statusOf(goes.id), LEFT).toBe('submitted');
  await context.close();
});
