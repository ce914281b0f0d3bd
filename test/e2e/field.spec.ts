import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { BrowserContext, Locator, Page } from '@playwright/test';

import { expect, otherDevice, test } from './fixtures.ts';
import { placeOf, publishedPoint } from './screens.ts';
import { acceptCharter, becomeInstalled, photoFile, signIn, standInBasemap } from './steps.ts';

interface Effort {
  readonly taps: number;
  readonly seconds: number;
}

/** A thumb that counts. */
class Thumb {
  taps = 0;
  readonly #startedAt = Date.now();

  async tap(target: Locator): Promise<void> {
    await target.scrollIntoViewIfNeeded();
    await target.tap();
    this.taps += 1;
  }

  /** The camera: one tap on the tile; what the camera itself takes is the phone's. */
  async photograph(page: Page): Promise<void> {
    this.taps += 1;
    await page.locator('input[type=file][capture]').setInputFiles(photoFile('IMG.jpg', 1200, 900));
    await expect(page.getByRole('button', { name: /^Ouvrir la photo 1/ })).toBeVisible();
    // What the form says is kept, no death of the app may take.
    await expect(page.getByText('Gardé ici')).toBeVisible();
  }

  /** The camera of a row: one tap. */
  async shoot(camera: Locator): Promise<void> {
    this.taps += 1;
    await camera.setInputFiles(photoFile('IMG.jpg', 1200, 900));
  }

  get effort(): Effort {
    return { taps: this.taps, seconds: Math.round((Date.now() - this.#startedAt) / 100) / 10 };
  }
}

async function standAt(context: BrowserContext, metersEast: number): Promise<void> {
  const METERS_OF_A_DEGREE = 81_000;
  await context.setGeolocation({
    longitude: 2.6 + metersEast / METERS_OF_A_DEGREE,
    latitude: 43.33,
    accuracy: 6,
  });
}

const placed = (page: Page) => expect(page.getByText('Précise à 6 m')).toBeVisible();
const saved = (page: Page) =>
  expect(page.getByRole('heading', { level: 1, name: 'Mes envois' })).toBeVisible();

test('without network: few taps to each capture, and no step that a reload loses', async ({
  browser,
  server,
}) => {
  const field = await otherDevice(browser, server, { hasTouch: true, isMobile: true });
  await standInBasemap(field);
  const page = await field.newPage();
  const efforts: Record<string, Effort> = {};
  await server.sql(
    'delete from app.charter_acceptances where user_id = (select id from auth.users where email = $1)',
    ['volontaire@capitelle.test'],
  );
  await signIn(page, 'volontaire@capitelle.test');
  await acceptCharter(page);
  await becomeInstalled(page);
  await page.goto('/#/add');
  await expect(page.getByRole('button', { name: 'Petit patrimoine' })).toBeVisible();
  await field.setOffline(true);

  /** The app dies between two steps and comes back where it was. */
  const die = async (still: Locator) => {
    await page.reload();
    await expect(still).toBeVisible();
  };

  await test.step('heritage: eight taps at most', async () => {
    await standAt(field, 0);
    await page.goto('/#/');
    const thumb = new Thumb();
    await thumb.tap(page.getByRole('link', { name: 'Ajouter', exact: true }));
    await thumb.tap(page.getByRole('button', { name: 'Petit patrimoine' }));
    await placed(page);
    await thumb.photograph(page);
    await die(page.getByRole('button', { name: 'Ouvrir la photo 1 sur 1' }));
    await thumb.tap(page.getByRole('button', { name: 'Chercher le terme' }));
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Chercher un terme').fill('lavoir');
    await thumb.tap(dialog.getByRole('button', { name: /^Lavoir/ }).first());
    await expect(dialog).toBeHidden();
    await expect(page.getByText('Gardé ici')).toBeVisible();
    await die(page.getByRole('heading', { level: 2, name: 'Lavoir' }));
    await thumb.tap(page.getByText('Bon', { exact: true }));
    await expect(page.getByText('Gardé ici')).toBeVisible();
    await die(page.getByRole('radio', { name: 'Bon', exact: true, checked: true }));
    await placed(page);
    await thumb.tap(page.getByRole('button', { name: 'Enregistrer ce point' }));
    await saved(page);
    efforts['heritage'] = thumb.effort;
    expect(thumb.taps).toBeLessThanOrEqual(8);
  });

  await test.step('lights in series: three taps each at most', async () => {
    await standAt(field, 200);
    await page.goto('/#/add');
    await page.getByRole('button', { name: 'Éclairage public' }).tap();
    await placed(page);
    await page.getByRole('button', { name: 'Chercher le terme' }).tap();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Chercher un terme').fill('lampadaire');
    await dialog
      .getByRole('button', { name: /^(Lampadaire|Candélabre)/i })
      .first()
      .tap();
    await page.getByLabel('Numéro sur le mât').fill('EP-0098');
    await page.getByRole('button', { name: 'Enregistrer, puis le suivant' }).tap();
    for (const [at, number] of [
      [230, 'EP-0099'],
      [260, 'EP-0100'],
    ] as const) {
      await standAt(field, at);
      const thumb = new Thumb();
      await expect(page.getByLabel('Numéro sur le mât')).toHaveValue(number);
      await placed(page);
      await thumb.photograph(page);
      await die(page.getByRole('button', { name: 'Ouvrir la photo 1 sur 1' }));
      await expect(page.getByText(/dans cette série/)).toBeVisible();
      await placed(page);
      await thumb.tap(page.getByRole('button', { name: 'Enregistrer, puis le suivant' }));
      await expect(page.getByLabel('Numéro sur le mât')).not.toHaveValue(number);
      efforts['light in series'] = thumb.effort;
      expect(thumb.taps).toBeLessThanOrEqual(3);
    }
    await page.getByRole('button', { name: 'Annuler le précédent' }).tap();
    await expect(page.getByLabel('Numéro sur le mât')).toHaveValue('EP-0100');
    await page.getByRole('button', { name: 'Arrêter', exact: true }).tap();
    await saved(page);
  });

  await test.step('accessibility, short: twelve taps at most', async () => {
    await standAt(field, 500);
    await page.goto('/#/');
    const thumb = new Thumb();
    await thumb.tap(page.getByRole('link', { name: 'Ajouter', exact: true }));
    await thumb.tap(page.getByRole('button', { name: /^Accessibilité/ }));
    await placed(page);
    await thumb.photograph(page);
    await thumb.tap(page.getByRole('button', { name: 'Chercher le terme' }));
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Chercher un terme').fill('boulang');
    await thumb.tap(dialog.getByRole('button', { name: /^Boulangerie/ }).first());
    await thumb.tap(page.getByLabel('Nom de l’établissement'));
    await page.keyboard.type('Le Fournil');
    const answers = page.getByRole('radio', { name: 'Oui', exact: true });
    for (let index = 0; index < Math.min(3, await answers.count()); index++) {
      await answers.nth(index).check({ force: true });
      thumb.taps += 1;
    }
    await expect(page.getByText('Gardé ici')).toBeVisible();
    await die(page.getByRole('heading', { level: 2, name: 'Boulangerie' }));
    await placed(page);
    await thumb.tap(page.getByRole('button', { name: 'Enregistrer ce point' }));
    await saved(page);
    efforts['accessibility'] = thumb.effort;
    expect(thumb.taps).toBeLessThanOrEqual(12);
  });

  await test.step('what waits leaves exactly once, one of them taken back before', async () => {
    await field.setOffline(false);
    await expect(page.getByRole('heading', { name: /Tout est parti|À vous de voir/ })).toBeVisible({
      timeout: 60_000,
    });
    const lights = await server.sql<{ ref: string; status: string }>(
      `select attributes ->> 'ref' as ref, status from app.points where attributes ->> 'ref' like 'EP-0%' order by 1`,
    );
    // Without network nothing was tried: what was taken back is nowhere.
    expect(lights).toEqual([
      { ref: 'EP-0098', status: 'submitted' },
      { ref: 'EP-0099', status: 'submitted' },
    ]);
  });

  console.info('taps and seconds', JSON.stringify(efforts));
  const results = join(import.meta.dirname, 'results');
  await mkdir(results, { recursive: true });
  await writeFile(join(results, 'efforts.json'), `${JSON.stringify(efforts, null, 2)}\n`);
  await field.close();
});

test('a thing seen again: its state and a new photo in two taps, without network', async ({
  browser,
  server,
}) => {
  const id = await publishedPoint(server);
  const place = await placeOf(server, id);
  const geolocation = { longitude: place.lon, latitude: place.lat, accuracy: 8 };
  const field = await otherDevice(browser, server, { hasTouch: true, isMobile: true, geolocation });
  await standInBasemap(field);
  const page = await field.newPage();
  await signIn(page, 'volontaire@capitelle.test');
  if (page.url().endsWith('/charter')) await acceptCharter(page);
  await becomeInstalled(page);
  await field.setGeolocation(geolocation);
  await page.goto('/#/nearby');
  const row = page.locator('.neighbour', { has: page.locator(`a[href="#/p/${id}"]`) });
  await expect(row).toBeVisible({ timeout: 60_000 });
  const told = async () => {
    const [row] = await server.sql<{ condition: string | null; photos: number }>(
      `select p.observed_condition as condition, (select count(*)::int from app.photos as f where f.point_id = p.id) as photos
       from app.points as p where p.id = $1`,
      [id],
    );
    return row;
  };
  const photos = (await told())?.photos ?? 0;
  await field.setOffline(true);

  const thumb = new Thumb();
  await thumb.shoot(row.getByLabel(/^Photographier /));
  await expect(row.getByText(/^Photo gardée/)).toBeVisible();
  // Killed in between, the photo is there.
  await page.reload();
  await expect(row.getByText(/^Photo gardée/)).toBeVisible({ timeout: 60_000 });
  await thumb.tap(row.getByRole('button', { name: 'Mauvais', exact: true }));
  await expect(row.getByText('Confirmé aujourd’hui')).toBeVisible();
  expect(thumb.taps).toBe(2);

  await field.setOffline(false);
  await expect.poll(told, { timeout: 60_000 }).toEqual({ condition: 'poor', photos: photos + 1 });
  await page.goto(`/#/p/${id}`);
  await expect(page.getByText(/^État vu sur place le /)).toBeVisible({ timeout: 60_000 });
  await field.close();
});

test('a sector taken along is whole, framed and drawn without network', async ({ browser, server }) => {
  const field = await otherDevice(browser, server, { hasTouch: true, isMobile: true });
  await standInBasemap(field);
  const page = await field.newPage();
  const place = await placeOf(server, await publishedPoint(server));
  await signIn(page, 'moderation@capitelle.test');
  await becomeInstalled(page);
  await field.setGeolocation({ longitude: place.lon, latitude: place.lat, accuracy: 8 });
  await page.goto('/#/areas');
  await page.getByRole('button', { name: '1 km' }).tap();
  const find = page.getByRole('button', { name: 'Chercher ma position' });
  if (await find.isVisible()) await find.tap();
  await expect(page.getByText(/^Environ .*la carte en/)).toBeVisible();
  // The map comes, the points do not: that is not a sector to leave with.
  await field.route('**/rpc/sync_pull', (route) => route.abort());
  await page.getByRole('button', { name: 'Emporter ce secteur' }).tap();
  await expect(page.getByText(/^La carte est là, /)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(/^Il manque des points/)).toBeVisible();
  await expect(page.getByText(/^Complet, /)).toHaveCount(0);
  await field.unroute('**/rpc/sync_pull');
  await page.getByRole('button', { name: 'Reprendre' }).tap();
  await expect(page.getByText(/^Complet, /)).toBeVisible({ timeout: 60_000 });
  await field.setOffline(true);
  await page.reload();
  await expect(page.getByText(/^Complet, /)).toBeVisible();
  // Its points are here as well: never opened, found and read without network.
  await page.goto('/#/?view=list&q=Capitelle%20du%20Pla');
  await page.getByRole('link', { name: /^Capitelle du Pla/ }).tap();
  await expect(page.getByRole('heading', { name: 'Où' })).toBeVisible();
  await page.goto('/#/areas');
  await page.getByRole('button', { name: 'Voir sur la carte' }).tap();
  await expect(page.locator('.taken-area')).toHaveCount(1);
  const tiles = page.locator('img.basemap, .basemap img');
  await expect(tiles.first()).toBeVisible();
  expect(
    await tiles.evaluateAll((all) => all.some((tile) => (tile as HTMLImageElement).naturalWidth > 0)),
  ).toBe(true);

  // Behind the camera or another app it holds no picture, and it comes back where it was.
  const turn = (state: 'hidden' | 'visible') =>
    page.evaluate((to) => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => to });
      document.dispatchEvent(new Event('visibilitychange'));
    }, state);
  const view = () => page.evaluate(() => localStorage.getItem('capitelle.preferences'));
  // One kilometre around fills this screen at zoom 13; a view is kept once its movement has ended.
  await expect.poll(view).toContain('"zoom":13');
  await page.getByRole('button', { name: 'Zoomer', exact: true }).tap();
  await expect.poll(view).toContain('"zoom":14');
  await expect(tiles.first()).toBeVisible();
  const before = await view();
  await turn('hidden');
  await expect(page.locator('.map img, .map canvas')).toHaveCount(0);
  await turn('visible');
  await expect(tiles.first()).toBeVisible();
  await expect(page.locator('.taken-area')).toHaveCount(1);
  expect(await view()).toBe(before);
  await field.close();
});
