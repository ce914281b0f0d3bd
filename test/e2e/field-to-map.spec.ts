import type { Locator, Page } from '@playwright/test';

import { CallError, outsideClient } from '../support/outside-client.ts';
import { expect, otherDevice, test } from './fixtures.ts';
import {
  acceptCharter,
  becomeInstalled,
  beginCapture,
  chooseTerm,
  outboxRow,
  photoFile,
  saveCapture,
  signIn,
  standInBasemap,
} from './steps.ts';

const WASH_HOUSE = 'Lavoir du bout du monde';
const SHOP = 'Boulangerie des essais';
const LIGHT = 'EP-4242';
/** A decision leaves 8 s after it was taken. */
const DECISION_LEAVES = { timeout: 30_000 };

interface Row {
  id: string;
  status: string;
  lon: number;
  lat: number;
  [key: string]: unknown;
}

test('from a phone without network to the public map', async ({ browser, server }) => {
  const field = await otherDevice(browser, server, { hasTouch: true, isMobile: true });
  await standInBasemap(field);
  const desk = await otherDevice(browser, server, { viewport: { width: 1280, height: 800 } });
  await standInBasemap(desk);

  const rowOf = async (key: string, name: string): Promise<Row> => {
    const [row] = await server.sql<Row>(
      `select id, status, extensions.st_x(geom) as lon, extensions.st_y(geom) as lat from app.points
       where attributes ->> $1 = $2`,
      [key, name],
    );
    if (!row) throw new Error(`${name} is not on the server`);
    return row;
  };

  let phone = await field.newPage();
  await test.step('a volunteer signs in, accepts the charter and leaves the network', async () => {
    // whatever another file did on this server before
    await server.sql(
      'delete from app.charter_acceptances where user_id = (select id from auth.users where email = $1)',
      ['volontaire@capitelle.test'],
    );
    await signIn(phone, 'volontaire@capitelle.test');
    await acceptCharter(phone);
    await becomeInstalled(phone);
    // what the capture needs is there: themes and thesaurus
    await phone.goto('/#/add');
    await expect(phone.getByRole('button', { name: 'Petit patrimoine' })).toBeVisible();
    await field.setOffline(true);
  });

  await test.step('captures three things offline', async () => {
    await beginCapture(phone, 'Petit patrimoine');
    await phone.locator('input[type=file][capture]').setInputFiles(photoFile());
    await expect(phone.getByRole('button', { name: 'Ouvrir la photo 1 sur 1' })).toBeVisible();
    await chooseTerm(phone, 'lavoir', /^Lavoir/);
    await phone.getByRole('radio', { name: 'Bon', exact: true }).check({ force: true });
    await phone.getByLabel('Nom d’usage').fill(WASH_HOUSE);
    await saveCapture(phone);

    await beginCapture(phone, 'Accessibilité des ERP');
    await chooseTerm(phone, 'boulang', /^Boulangerie/);
    await phone.getByLabel('Nom de l’établissement').fill(SHOP);
    await saveCapture(phone);

    await beginCapture(phone, 'Éclairage public');
    await chooseTerm(phone, 'lampadaire', /^(Lampadaire|Candélabre)/i);
    await phone.getByLabel('Numéro sur le mât').fill(LIGHT);
    await saveCapture(phone);
    await expectWaiting(phone);
  });

  await test.step('reloads, kills the tab, comes back: the three wait on this phone', async () => {
    await phone.reload();
    await expectWaiting(phone);
    await phone.close();
    phone = await field.newPage();
    await phone.goto('/#/outbox');
    await expectWaiting(phone);
    await expect(outboxRow(phone, WASH_HOUSE)).toContainText('1 photo');
    await phone.goto('/#/');
    await expect(phone.getByRole('link', { name: /3 en attente/ })).toBeVisible();
    await phone.goto('/#/outbox');
  });

  await test.step('a photo that does not go through says why, and what may be done', async () => {
    await field.route('**/photo_commit', (route) => route.fulfill({ status: 500, json: {} }));
    await field.setOffline(false);
    const stuck = phone.locator('.item', { hasText: `${WASH_HOUSE}, une photo` });
    await expect(stuck).toContainText('Le serveur a rencontré une difficulté');
    await expect(stuck.getByRole('button')).toHaveText(['Réessayer', 'Exporter', 'Jeter']);
    await field.unroute('**/photo_commit');
    await stuck.getByRole('button', { name: 'Réessayer' }).click();
  });

  await test.step('the rest leaves by itself, photo included, and shows the receipt', async () => {
    await expect(phone.getByRole('heading', { name: 'Tout est parti' })).toBeVisible({ timeout: 60_000 });
    for (const name of [WASH_HOUSE, SHOP, LIGHT]) {
      await expect(outboxRow(phone, name)).toContainText(/Reçu le .*, n°\s[0-9A-F]{4}/);
    }
    const washHouse = await rowOf('name', WASH_HOUSE);
    const photos = await server.sql('select id from app.photos where point_id = $1', [washHouse.id]);
    expect(photos).toHaveLength(1);
    const sent = await server.sql(`select id from app.points where attributes ->> 'name' = $1`, [WASH_HOUSE]);
    expect(sent, 'exactly once').toHaveLength(1);
  });

  const washHouse = await rowOf('name', WASH_HOUSE);
  const shop = await rowOf('name', SHOP);
  const light = await rowOf('ref', LIGHT);

  const review = await desk.newPage();
  const item = (name: string): Locator =>
    review.getByRole('navigation', { name: 'File de relecture' }).getByRole('link', { name });
  const open = async (name: string) => {
    await item(name).click();
    await expect(review.getByRole('heading', { level: 2, name })).toBeVisible();
    // Read whole: nothing is decided on an item before.
    await expect(review.getByText(/^Relevé le/)).toBeVisible();
  };

  await test.step('a moderator sees the three, with photo, map and fields', async () => {
    await signIn(review, 'moderation@capitelle.test');
    await review.goto('/#/moderation');
    for (const name of [WASH_HOUSE, SHOP, LIGHT]) await expect(item(name)).toBeVisible();
    await open(WASH_HOUSE);
    const photo = review.getByRole('img', { name: new RegExp(`^Photo 1\\s: ${WASH_HOUSE}`) });
    await expect
      .poll(() => photo.evaluate((img: HTMLImageElement) => img.naturalWidth))
      .toBeGreaterThan(1000);
    await expect(review.getByRole('img', { name: new RegExp(`^Carte\\s: ${WASH_HOUSE}`) })).toBeVisible();
    await expect(review.getByRole('listitem').filter({ hasText: /État\s+Bon/ })).toBeVisible();
  });

  await test.step('publishes one, sends one back, refuses one', async () => {
    await review.getByRole('button', { name: 'Publier' }).click();
    await expect(item(WASH_HOUSE)).toHaveCount(0);
    await open(SHOP);
    await review.getByRole('button', { name: 'Demander un complément' }).click();
    await decide(review, 'La description est incomplète', 'Combien de marches à l’entrée ?');
    await expect(item(SHOP)).toHaveCount(0);
    await open(LIGHT);
    await review.getByRole('button', { name: 'Refuser' }).click();
    await decide(review, 'Introuvable sur place', 'Aucun mât de ce numéro dans la rue.');
    await expect(item(LIGHT)).toHaveCount(0);
    const stateOf = async () =>
      Promise.all([rowOf('name', WASH_HOUSE), rowOf('name', SHOP), rowOf('ref', LIGHT)]).then((rows) =>
        rows.map((row) => row.status),
      );
    await expect.poll(stateOf, DECISION_LEAVES).toEqual(['published', 'to_complete', 'rejected']);
    await server.drainJobs();
  });

  await test.step('the phone learns all three, with the reasons', async () => {
    await phone.reload();
    await expect(outboxRow(phone, WASH_HOUSE)).toContainText(/Publié, reçu n°\s[0-9A-F]{4}/);
    const toComplete = phone.locator('section', { has: phone.getByRole('heading', { name: 'À compléter' }) });
    await expect(toComplete).toContainText(SHOP);
    await expect(toComplete).toContainText('La description est incomplète');
    await expect(toComplete).toContainText('Combien de marches à l’entrée ?');
    const refused = phone.locator('section', { has: phone.getByRole('heading', { name: 'Refusé' }) });
    await expect(refused).toContainText(LIGHT);
    await expect(refused).toContainText('Introuvable sur place');
    await expect(refused).toContainText('Aucun mât de ce numéro dans la rue.');
  });

  await test.step('the volunteer completes the second: it is back in the queue', async () => {
    await phone
      .locator('section', { has: phone.getByRole('heading', { name: 'À compléter' }) })
      .getByRole('button', { name: 'Compléter', exact: true })
      .click();
    await expect(phone.getByText('Combien de marches à l’entrée ?')).toBeVisible();
    const level = phone.getByRole('group', { name: 'L’entrée est-elle de plain-pied ?' });
    await level.getByRole('radio', { name: 'Non, des marches' }).check({ force: true });
    await phone.getByLabel('Combien de marches ?').fill('2');
    await phone.getByRole('button', { name: 'Envoyer à la modération' }).click();
    await expect.poll(async () => (await rowOf('name', SHOP)).status).toBe('submitted');
    await review.reload();
    await open(SHOP);
    await expect(review.getByRole('listitem').filter({ hasText: /Marches à l’entrée\s+2/ })).toBeVisible();
  });

  await test.step('someone without account sees the first, and nothing of the others', async () => {
    const visitor = await otherDevice(browser, server);
    await standInBasemap(visitor);
    const page = await visitor.newPage();
    await page.goto(`/#/?view=list&q=${encodeURIComponent(WASH_HOUSE)}`);
    await page.getByRole('link', { name: WASH_HOUSE }).click();
    await expect(page.getByRole('heading', { level: 1, name: WASH_HOUSE })).toBeVisible();
    const photo = page.getByRole('img', { name: `Photo 1 de ${WASH_HOUSE}` });
    await expect
      .poll(() => photo.evaluate((img: HTMLImageElement) => img.naturalWidth))
      .toBeGreaterThan(1000);
    for (const { id } of [shop, light]) {
      await page.goto(`/#/p/${id}`);
      await expect(
        page.getByRole('heading', { level: 1, name: 'Cette fiche n’est pas publique' }),
      ).toBeVisible();
    }
    await visitor.close();
  });

  await test.step('nor by the API, the photo’s address, a tile, or the feed of somebody else', async () => {
    const nobody = await outsideClient(server.url, server.publishableKey, null);
    for (const name of [SHOP, LIGHT]) {
      expect(await nobody.call('points_search', { q: name })).toMatchObject({ total: 0, items: [] });
    }
    const around = await nobody.call<{ items: { id: string }[] }>('points_search', {
      near: { lon: washHouse.lon, lat: washHouse.lat },
      limit: 50,
    });
    const seen = around.items.map(({ id }) => id);
    expect(seen).toContain(washHouse.id);
    expect(seen).not.toContain(shop.id);
    expect(seen).not.toContain(light.id);
    for (const { id } of [shop, light]) {
      const refusal = await nobody.call('point_sheet', { id }).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(CallError);
      expect(refusal).toMatchObject({ code: 'PT404', message: 'point_not_found' });
    }

    const [photo] = await server.sql<{ path: string }>('select path from app.photos where point_id = $1', [
      washHouse.id,
    ]);
    const headers = { apikey: server.publishableKey };
    for (const kind of ['public', 'authenticated', 'info']) {
      const answer = await fetch(`${server.url}/storage/v1/object/${kind}/photos/${photo?.path}`, {
        headers,
      });
      expect(answer.ok, `private photo by ${kind}`).toBe(false);
    }

    const tile = await fetch(`${server.url}/rest/v1/rpc/map_tile?${tileAt(washHouse, 16)}`, { headers });
    const { points } = (await tile.json()) as { points: [string][] };
    const drawn = points.map(([id]) => id);
    expect(drawn).toContain(washHouse.id);
    expect(drawn).not.toContain(shop.id);
    expect(drawn).not.toContain(light.id);

    const somebody = await outsideClient(server.url, server.publishableKey, 'secteur@capitelle.test');
    const cell = quadkeyAt(washHouse, 12);
    const themes = ['heritage', 'accessibility', 'lighting'];
    const feed = await somebody.call<{ changed: { id: string }[]; gone: string[] }>('sync_pull', {
      buckets: [...themes.map((theme) => ({ id: `c:${theme}:${cell}` })), { id: 'u:me' }, { id: 'm:me' }],
      limit: 5000,
    });
    const fed = [...feed.changed.map(({ id }) => id), ...feed.gone];
    expect(fed).not.toContain(shop.id);
    expect(fed).not.toContain(light.id);
    const pages = await Promise.all(
      themes.map((theme) =>
        somebody.call<{ points: { id: string }[] }>('sync_snapshot', { bucket: `c:${theme}:${cell}` }),
      ),
    );
    const kept = pages.flatMap((page) => page.points.map(({ id }) => id));
    expect(kept).toContain(washHouse.id);
    expect(kept).not.toContain(shop.id);
    expect(kept).not.toContain(light.id);
  });

  await field.close();
  await desk.close();
});

async function expectWaiting(phone: Page): Promise<void> {
  await expect(phone.getByRole('heading', { name: '3 en attente' })).toBeVisible();
  await expect(
    phone.getByText('Enregistré sur cet appareil. Partira dès qu’il y aura du réseau.').first(),
  ).toBeVisible();
  for (const name of [WASH_HOUSE, SHOP, LIGHT])
    await expect(outboxRow(phone, name)).toContainText('Attend son tour');
}

async function decide(page: Page, reason: string, comment: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: reason }).check({ force: true });
  await dialog.getByLabel('Message à l’auteur').fill(comment);
  await dialog.locator('button[type=submit]').click();
  await expect(dialog).toBeHidden();
}

/** Column and row of the tile that holds a place. */
function tileIndex({ lon, lat }: { lon: number; lat: number }, z: number): [x: number, y: number] {
  const side = 2 ** z;
  const sine = Math.sin((lat * Math.PI) / 180);
  const y = 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
  return [Math.floor(((lon + 180) / 360) * side), Math.floor(y * side)];
}

function tileAt(place: { lon: number; lat: number }, z: number): string {
  const [x, y] = tileIndex(place, z);
  return `z=${z}&x=${x}&y=${y}`;
}

function quadkeyAt(place: { lon: number; lat: number }, z: number): string {
  const [x, y] = tileIndex(place, z);
  return Array.from({ length: z }, (_, index) => {
    const bit = z - 1 - index;
    return String(((x >> bit) & 1) + 2 * ((y >> bit) & 1));
  }).join('');
}
