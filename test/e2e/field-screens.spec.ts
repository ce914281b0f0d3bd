import type { Page } from '@playwright/test';

import { expect, otherDevice, test } from './fixtures.ts';
import { frenchOn, say } from './in-english.ts';
import { press, tabTo } from './keys.ts';
import { expectNoFaults, faults, sticksOut, TALL_PHONE } from './looks.ts';
import { placeOf, publishedPoint, visitTheField } from './screens.ts';
import { acceptCharter, DEMO_PASSWORD, signIn, standInBasemap } from './steps.ts';

/**
 * Each screen by axe in both lights, at 320 px, at 1280 px and 390 px zoomed to 200 %, and on a phone with text twice as
 * large.
 */
async function look(page: Page, name: string): Promise<void> {
  await expectNoFaults(page, name);
  await page.setViewportSize({ width: 320, height: 640 });
  expect.soft(await sticksOut(page), `${name}, 320 px`).toEqual([]);
  await page.setViewportSize({ width: 640, height: 400 });
  expect.soft(await sticksOut(page), `${name}, 200 %`).toEqual([]);
  await page.setViewportSize({ width: 195, height: 422 });
  expect.soft(await sticksOut(page), `${name}, a phone at 200 %`).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
  expect.soft(await sticksOut(page), `${name}, large text`).toEqual([]);
  await page.evaluate(() => (document.documentElement.style.fontSize = ''));
  await page.setViewportSize(TALL_PHONE);
}

test('the screens of the field are read by anybody, at any size', async ({ browser, server }) => {
  const phone = await otherDevice(browser, server, { reducedMotion: 'reduce', viewport: TALL_PHONE });
  await standInBasemap(phone);
  const page = await phone.newPage();
  page.setDefaultTimeout(30_000);
  await visitTheField(page, server, (name) => look(page, name));
  await phone.close();
});

test('what is around, what is taken along and what waits, by keyboard alone', async ({ browser, server }) => {
  const place = await placeOf(server, await publishedPoint(server));
  const geolocation = { longitude: place.lon, latitude: place.lat, accuracy: 8 };
  const phone = await otherDevice(browser, server, { geolocation });
  await standInBasemap(phone);
  const page = await phone.newPage();
  await signIn(page, 'volontaire@capitelle.test');
  if (page.url().endsWith('/charter')) await acceptCharter(page);

  await test.step('its state, in the place where it stands', async () => {
    await phone.setGeolocation(geolocation);
    await page.goto('/#/nearby');
    await press(page, page.getByRole('button', { name: 'À revoir d’abord' }));
    await press(page, page.getByRole('button', { name: 'Les plus proches' }));
    await press(page, page.getByRole('button', { name: /^Préciser, / }).first());
    await press(page, page.getByRole('radio', { name: 'Bon', exact: true }), 'Space');
    await press(page, page.getByRole('button', { name: 'Dire qu’il est toujours là' }));
    await expect(page.getByText('Confirmé aujourd’hui').first()).toBeVisible();
  });

  await test.step('what is around a hundred metres farther on', async () => {
    const around = page.locator('main').getByRole('list').last();
    const before = (await around.textContent()) ?? '';
    await phone.setGeolocation({ ...geolocation, latitude: place.lat + 0.001 });
    await press(page, page.getByRole('button', { name: 'Chercher de nouveau ici' }));
    await expect(around).not.toHaveText(before);
  });

  await test.step('a sector taken along and let go', async () => {
    await page.goto('/#/areas');
    await press(page, page.getByRole('button', { name: '1 km', exact: true }));
    await press(page, page.getByRole('button', { name: 'Emporter ce secteur' }));
    await expect(page.getByText(/^Complet, /)).toBeVisible({ timeout: 60_000 });
    await press(page, page.getByRole('button', { name: 'Supprimer', exact: true }));
    await press(page, page.getByRole('button', { name: 'Supprimer pour de bon' }));
    await expect(page.getByText(/^Complet, /)).toHaveCount(0);
  });

  await test.step('what became of it, and how this device keeps it', async () => {
    await page.goto('/#/outbox');
    await press(page, page.getByRole('link', { name: 'L’état de cet appareil' }));
    await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
    await press(page, page.getByRole('link', { name: 'Mes envois' }));
    await tabTo(page, page.getByLabel('Reprendre un fichier exporté'));
  });
  await phone.close();
});

test('the screens of the field speak English to whoever reads it', async ({ browser, server }) => {
  const place = await placeOf(server, await publishedPoint(server));
  const geolocation = { longitude: place.lon, latitude: place.lat, accuracy: 8 };
  const phone = await otherDevice(browser, server, {
    locale: 'en-GB',
    geolocation,
    reducedMotion: 'reduce',
    viewport: TALL_PHONE,
  });
  await standInBasemap(phone);
  const page = await phone.newPage();
  const lookIn = async (name: string) => {
    expect.soft(await frenchOn(page), name).toEqual([]);
    expect.soft(await faults(page), name).toEqual([]);
    await page.setViewportSize({ width: 320, height: 640 });
    expect.soft(await sticksOut(page), `${name}, 320 px`).toEqual([]);
    await page.setViewportSize(TALL_PHONE);
  };
  const button = (key: string) => page.getByRole('button', { name: say(key), exact: true });

  await page.goto('/#/sign-in');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await lookIn('sign in');
  await page.getByLabel(say('account_email')).fill('volontaire@capitelle.test');
  await page.getByLabel(say('account_password'), { exact: true }).fill(DEMO_PASSWORD);
  await button('account_sign_in').click();
  await expect(page).not.toHaveURL(/sign-in/);
  if (page.url().endsWith('/charter')) {
    await page.getByRole('checkbox').first().check();
    await button('account_charter_accept').click();
    await expect(page).toHaveURL(/#\/$/);
  }

  await phone.setGeolocation(geolocation);
  await page.goto('/#/nearby');
  const more = page.getByRole('button', { name: new RegExp(`^${say('capture_say_more')}`) }).first();
  await expect(more).toBeVisible();
  await lookIn('nearby');
  await more.click();
  await expect(button('capture_no_longer_there')).toBeVisible();
  await lookIn('observe');

  await page.goto('/#/areas');
  await expect(page.getByRole('heading', { name: say('areas_take_title') })).toBeVisible();
  await lookIn('areas');

  await page.goto('/#/add');
  await page.getByRole('button', { name: 'Small heritage' }).click();
  await expect(button('capture_save')).toBeVisible();
  await lookIn('capture');

  for (const [path, title] of [
    ['outbox', 'outbox_title'],
    ['health', 'outbox_health_title'],
  ] as const) {
    await page.goto(`/#/${path}`);
    await expect(page.getByRole('heading', { level: 1, name: say(title) })).toBeVisible();
    await lookIn(path);
  }
  await phone.close();
});
