import { readFile } from 'node:fs/promises';

import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';

import type { BrowserContext, Page } from '@playwright/test';

import { readDisk } from '../kill/disk.ts';
import { corruptJpeg, cutJpeg, heavy, heic, hugeJpeg, notAPicture } from '../support/photo-files.ts';
import { expect, otherDevice, test } from './fixtures.ts';
import {
  acceptCharter,
  becomeInstalled,
  chooseTerm,
  photoFile,
  signIn,
  stand,
  standInBasemap,
} from './steps.ts';

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';

const whole = photoFile('IMG_0001.jpg', 640, 480);

async function signedIn(context: BrowserContext, email = 'volontaire@capitelle.test'): Promise<Page> {
  await standInBasemap(context);
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await signIn(page, email);
  if (page.url().endsWith('/charter')) await acceptCharter(page);
  return page;
}

/** Begins a capture that already holds something to lose. */
async function begin(page: Page, name: string): Promise<void> {
  await page.goto('/#/add');
  await page.getByRole('button', { name: 'Petit patrimoine' }).click();
  await expect(page).toHaveURL(/#\/capture\//);
  await page.getByLabel('Nom d’usage').fill(name);
  await expect(page.getByText('Gardé ici')).toBeVisible();
}

/** The draft is what it was: on the screen, and after the app was opened again. */
async function isIntact(page: Page, name: string): Promise<void> {
  await expect(page.getByLabel('Nom d’usage')).toHaveValue(name);
  // what was said last, or a fix that has just come, is on the disk 300 ms later
  await expect(page.getByText('Gardé ici')).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('Nom d’usage')).toHaveValue(name);
}

test('photos that cannot be used: a sentence each, and the draft intact', async ({ browser, server }) => {
  const phone = await otherDevice(browser, server, { userAgent: IPHONE });
  const page = await signedIn(phone);
  await stand(phone);
  await test.step('an iPhone that forgets what it is given says so before, and once', async () => {
    await page.goto('/#/add');
    await expect(page.getByText('Installez d’abord l’application')).toBeVisible();
    await begin(page, 'Lavoir des photos');
    await page.goto('/#/add');
    await expect(page.getByText(/^Brouillons.: 1$/)).toBeVisible();
    await expect(page.getByText('Installez d’abord l’application')).toHaveCount(0);
    await page.goBack();
  });
  const camera = page.locator('input[type=file][capture]');
  const photos = page.getByRole('button', { name: /^Ouvrir la photo/ });

  await test.step('the camera closed without one', async () => {
    const chooser = page.waitForEvent('filechooser');
    await camera.press('Space');
    await (await chooser).setFiles([]);
    await camera.dispatchEvent('cancel');
    await expect(
      page.getByText('Aucune photo n’a été prise. Ce que vous avez commencé est gardé.'),
    ).toBeVisible();
  });

  await test.step('no picture, and one too heavy that cannot be made smaller', async () => {
    await camera.setInputFiles(notAPicture);
    await expect(page.getByRole('alert')).toContainText('n’est pas une photo');
    await expect(photos).toHaveCount(0);
    await camera.setInputFiles(heavy(corruptJpeg(whole.buffer).buffer));
    await expect(page.getByRole('alert')).toContainText('Cette photo est trop lourde pour cet appareil');
    await expect(photos).toHaveCount(0);
  });

  await test.step('60 megapixels that weigh 27 MB are made smaller', async () => {
    await camera.setInputFiles(heavy(hugeJpeg().buffer));
    await expect(photos).toHaveCount(1);
    await expect.poll(async () => (await readDisk(page)).photos[0]?.width, { timeout: 60_000 }).toBe(2_000);
    const [photo] = (await readDisk(page)).photos;
    expect(photo?.height).toBe(1_417);
    expect(photo?.undecoded).toBeUndefined();
    expect(photo?.size).toBeLessThan(1_000_000);
  });

  for (const [what, file] of [
    ['HEIC', heic()],
    ['corrupt', corruptJpeg(whole.buffer)],
  ] as const) {
    await test.step(`${what}: kept as it came, and said`, async () => {
      await camera.setInputFiles(file);
      await expect(page.getByRole('alert')).toContainText(
        'ne sait pas lire cette photo. Elle est gardée telle quelle',
      );
      await expect(photos).toHaveCount(2);
      const { photos: rows } = await readDisk(page);
      expect(rows.find((row) => row.undecoded)?.size).toBe(file.buffer.length);
      await photos.nth(1).click();
      await page.getByRole('button', { name: 'Jeter cette photo' }).click();
      await expect(photos).toHaveCount(1);
    });
  }

  await test.step('cut: what is there of it is kept', async () => {
    await camera.setInputFiles(cutJpeg(whole.buffer));
    await expect(photos).toHaveCount(2);
    await isIntact(page, 'Lavoir des photos');
    await expect(photos).toHaveCount(2);
  });

  await test.step('forty: as many as a point takes, and how many were left', async () => {
    await photos.first().click();
    const gallery = page.getByRole('dialog').locator('input[type=file]');
    await gallery.setInputFiles(Array.from({ length: 40 }, (_, n) => ({ ...whole, name: `${n}.jpg` })));
    await expect(page.getByText(/^10 photos au plus par point\. Laissées de côté.: 32\.$/)).toBeVisible();
    await expect.poll(async () => (await readDisk(page)).drafts[0]?.photo_ids.length).toBe(10);
  });
  await isIntact(page, 'Lavoir des photos');
  await phone.close();
});

test('a receiver that is of no help: a sentence each, and the capture is saved all the same', async ({
  browser,
  server,
}) => {
  const phone = await otherDevice(browser, server, { permissions: [] });
  const page = await signedIn(phone);
  const says = (text: RegExp | string) => expect(page.getByText(text).first()).toBeVisible();
  const byHand = /Vous pouvez aussi placer le point sur la carte/;

  await test.step('not allowed', async () => {
    await begin(page, 'Lavoir sans GPS');
    await says(/La position n’est pas autorisée/);
    await says(byHand);
    await page.goto('/#/nearby');
    await says('La position n’est pas autorisée. Autorisez-la dans le navigateur.');
    await expect(page.getByText(byHand)).toHaveCount(0);
  });

  await test.step('allowed, and absent', async () => {
    await phone.grantPermissions(['geolocation']);
    await phone.setGeolocation(null);
    await page.getByRole('button', { name: 'Chercher ma position' }).click();
    await says('La position n’est pas disponible ici. Réessayez, à découvert si vous le pouvez.');
    await page.goBack();
  });

  await test.step('3 000 m, then another country: flagged, never refused', async () => {
    await phone.setGeolocation({ longitude: 2.5512, latitude: 43.3215, accuracy: 3_000 });
    await says('À 3 km près');
    await phone.setGeolocation({ longitude: 13.4, latitude: 52.5, accuracy: 8 });
    await says(/Cette position est hors du territoire de l’inventaire/);
    await isIntact(page, 'Lavoir sans GPS');
  });

  await test.step('saved there it comes back with the reason, and nothing of it is lost', async () => {
    await chooseTerm(page, 'lavoir', /^Lavoir/);
    await page.getByRole('button', { name: 'Enregistrer ce point' }).click();
    await expect(page).toHaveURL(/#\/outbox$/);
    await says('Ce point est hors du territoire couvert ici. Vérifiez sa position.');
    await page.getByRole('button', { name: 'Corriger' }).click();
    await isIntact(page, 'Lavoir sans GPS');
    await expect(page.getByRole('heading', { level: 2, name: 'Lavoir' })).toBeVisible();
  });

  await test.step('typed over it, the place is right, and it leaves', async () => {
    await page.getByRole('button', { name: 'Ajuster' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Saisir des coordonnées').click();
    await dialog.getByLabel('Latitude, en degrés').fill('43,3215');
    await dialog.getByLabel('Longitude, en degrés').fill('2,5512');
    await dialog.getByRole('button', { name: 'Placer à ces coordonnées' }).click();
    await says('Coordonnées saisies');
    await expect(page.getByText(/hors du territoire/)).toHaveCount(0);
    await page.getByRole('button', { name: 'Enregistrer ce point' }).click();
    const arrived = () =>
      server.sql(
        `select extensions.st_x(geom) as lon from app.points where attributes ->> 'name' = 'Lavoir sans GPS'`,
      );
    await expect.poll(arrived, { timeout: 60_000 }).toEqual([{ lon: 2.5512 }]);
  });

  await test.step('frozen on an old fix', async () => {
    await phone.setGeolocation({ longitude: 2.5512, latitude: 43.3215, accuracy: 8 });
    await page.clock.install({ time: Date.now() + 120_000 });
    await page.goto('/#/nearby');
    await page.reload();
    const isOld = 'Le GPS répète une position ancienne. Sortez à découvert et cherchez à nouveau.';
    await says(isOld);
    await page.goto('/#/add');
    await page.getByRole('button', { name: 'Petit patrimoine' }).click();
    await says(new RegExp(isOld));
    await says(byHand);
  });
  await phone.close();
});

test('questions that changed meanwhile: said, with the answers kept, and what was asked before still goes', async ({
  browser,
  server,
}) => {
  const phone = await otherDevice(browser, server);
  const page = await signedIn(phone);
  await stand(phone);
  await begin(page, 'Lavoir d’avant');
  await page.getByRole('radio', { name: 'Bon', exact: true }).check({ force: true });
  await expect(page.getByText('Gardé ici')).toBeVisible();
  // The next version asks neither the state nor the way to approach it.
  await server.sql(`
    with now as (select t.form_rev, f.form from app.themes as t join app.forms as f on f.theme = t.id and f.rev = t.form_rev where t.id = 'heritage'),
      made as (insert into app.forms (theme, rev, form) select 'heritage', form_rev + 1, jsonb_set(
        jsonb_set(form, '{rev}', to_jsonb(form_rev + 1)), '{sections,0,fields}',
        (select jsonb_agg(one) from jsonb_array_elements(form #> '{sections,0,fields}') as one where one ->> 'key' <> 'condition')) from now)
    update app.themes set form_rev = form_rev + 1 where id = 'heritage'`);
  await page.goto('/#/outbox');
  await page.reload();
  await expect(async () => {
    await page.goto('/#/drafts');
    await page.getByRole('link', { name: /Lavoir d’avant/ }).click();
    await expect(page.getByText(/Les questions ont changé depuis que vous avez commencé/)).toBeVisible({
      timeout: 3_000,
    });
  }).toPass();
  await expect(page.getByLabel('Nom d’usage')).toHaveValue('Lavoir d’avant');
  await chooseTerm(page, 'lavoir', /^Lavoir/);
  await page.getByRole('button', { name: 'Enregistrer ce point' }).click();
  await expect(page).toHaveURL(/#\/outbox$/);
  const arrived = () =>
    server.sql(
      `select attributes ->> 'condition' as state from app.points where attributes ->> 'name' = 'Lavoir d’avant'`,
    );
  await expect.poll(arrived, { timeout: 60_000 }).toEqual([{ state: 'good' }]);
  await server.sql(`update app.themes set form_rev = form_rev - 1 where id = 'heritage'`);
  await server.sql(
    `delete from app.forms where theme = 'heritage' and rev = (select form_rev + 1 from app.themes where id = 'heritage')`,
  );
  await phone.close();
});

test('work handed over: taken back on another device once, and no file that is cut or of elsewhere', async ({
  browser,
  server,
}) => {
  const phone = await otherDevice(browser, server);
  const page = await signedIn(phone);
  await stand(phone);
  await becomeInstalled(page);
  await page.goto('/#/add');
  await expect(page.getByRole('button', { name: 'Petit patrimoine' })).toBeVisible();
  await phone.setOffline(true);
  await begin(page, 'Lavoir commencé');
  await page.locator('input[type=file][capture]').setInputFiles(whole);
  await expect(page.getByRole('button', { name: /^Ouvrir la photo/ })).toBeVisible();
  await begin(page, 'Lavoir enregistré');
  // The receiver speaks once more: what it said of the first capture may be older than this search.
  await stand(phone);
  await expect(page.getByText(/^Précise à/).first()).toBeVisible();
  await chooseTerm(page, 'lavoir', /^Lavoir/);
  await page.getByRole('button', { name: 'Enregistrer ce point' }).click();
  await expect(page).toHaveURL(/#\/outbox$/);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Exporter ce qui n’est pas parti' }).click();
  const bytes = await readFile(await (await download).path());

  await test.step('a day later it says that it still waits', async () => {
    const later = await phone.newPage();
    await later.addInitScript(() => {
      const { now } = Date;
      const Today = Date;
      const ahead = 25 * 3_600_000;
      globalThis.Date = class extends Today {
        constructor(...of: unknown[]) {
          super(...((of.length > 0 ? of : [now() + ahead]) as [number]));
        }
        static override now = () => now() + ahead;
      } as DateConstructor;
    });
    await later.goto('/#/');
    await expect(later.getByRole('link', { name: /Attend depuis 1.jour/ })).toBeVisible();
    await later.close();
  });

  const other = await otherDevice(browser, server);
  const there = await signedIn(other);
  await there.goto('/#/outbox');
  const hand = async (buffer: Buffer) =>
    there
      .getByLabel('Reprendre un fichier exporté')
      .setInputFiles({ name: 'unsent.zip', mimeType: 'application/zip', buffer });
  const files = unzipSync(bytes);
  const list = JSON.parse(strFromU8(files['unsent.json'] ?? new Uint8Array())) as object;
  const changed = (change: object) =>
    Buffer.from(zipSync({ ...files, 'unsent.json': strToU8(JSON.stringify({ ...list, ...change })) }));

  await hand(bytes.subarray(0, bytes.length / 2));
  await expect(there.getByText(/Ce fichier est incomplet ou abîmé.: rien n’en a été repris/)).toBeVisible();
  await hand(changed({ instance: '00000000-0000-4000-8000-000000000000' }));
  await expect(there.getByText(/autre inventaire/)).toBeVisible();
  await hand(changed({ user_id: '00000000-0000-4000-8000-000000000001' }));
  await expect(there.getByText(/Ce fichier appartient à un autre compte/)).toBeVisible();
  expect((await readDisk(there)).drafts).toEqual([]);
  await hand(bytes);
  await expect(there.getByText(/Repris.: 1 contribution, 1 photo, 1 brouillon\./)).toBeVisible();
  await hand(bytes);
  await expect(there.getByText('Tout ce que contient ce fichier est déjà ici.')).toBeVisible();
  await there.getByRole('link', { name: /^Brouillons à reprendre/ }).click();
  await there.getByRole('link', { name: /Lavoir commencé/ }).click();
  await expect(there.getByLabel('Nom d’usage')).toHaveValue('Lavoir commencé');
  await expect(there.getByRole('button', { name: 'Ouvrir la photo 1 sur 1' })).toBeVisible();

  await phone.setOffline(false);
  const arrived = () =>
    server.sql(`select count(*)::int as n from app.points where attributes ->> 'name' = 'Lavoir enregistré'`);
  await expect(page.getByRole('heading', { name: /Tout est parti|À vous de voir/ })).toBeVisible({
    timeout: 60_000,
  });
  expect(await arrived()).toEqual([{ n: 1 }]);
  await isIntact(there, 'Lavoir commencé');
  await other.close();
  await phone.close();
});
