import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, type Page, test } from '@playwright/test';

import { namesOn, readDisk } from './disk.ts';
import {
  arriveWhole,
  beginNamed,
  type Ground,
  openGround,
  saveButton,
  seePhoto,
  settleIn,
  shoot,
} from './field.ts';
import { PhoneApp } from './phone-app.ts';

/** Four in the whole suite, twenty with `npm run test:kill`. */
const KILLS = Number(process.env['KILLS'] ?? 4);

/** When the browser dies; the longest wait before, in ms, is about what the thing takes. */
const MOMENTS = [
  { when: 'save', spreadMs: 250 },
  { when: 'upload', spreadMs: 120 },
  { when: 'edit', spreadMs: 250 },
  { when: 'photo', spreadMs: 700 },
  { when: 'push', spreadMs: 60 },
] as const;

type Row = {
  id: string;
  name: string;
  photos: number;
};

test(`a browser killed ${KILLS} times loses and doubles nothing`, async () => {
  test.setTimeout(120_000 + KILLS * 60_000);
  const ground = await openGround();
  const phone = await PhoneApp.buy(ground.server.url);
  const withPhoto = new Set<string>();
  let page = await phone.open();
  await settleIn(page);
  // A clean end, once: the session is on the disk.
  await phone.close();

  for (let n = 0; n < KILLS; n++) {
    const { when, spreadMs } = MOMENTS[n % MOMENTS.length] ?? MOMENTS[0];
    const offline = when === 'push' || when === 'upload' ? false : Math.random() < 0.5;
    const waitMs = Math.random() * spreadMs;
    await test.step(`${n}: ${when}, ${Math.round(waitMs)} ms, ${offline ? 'offline' : 'online'}`, async () => {
      page = await comeBack(phone, ground, withPhoto);
      await phone.context.setOffline(offline);
      if (Math.random() < 0.5) await (await phone.context.newPage()).goto('/#/outbox');
      await beginNamed(page, `Essai ${n}`);
      await dieDuring(phone, page, { when, waitMs, name: `Essai ${n}` }, withPhoto);
    });
  }

  page = await comeBack(phone, ground, withPhoto);
  await phone.context.setOffline(false);
  await arriveWhole(page);
  const disk = await readDisk(page);
  expect(disk.outbox).toEqual([]);
  expect(disk.bytes).toEqual([]);
  expect(disk.photos.map((row) => row.state)).toEqual(disk.photos.map(() => 'stored'));
  await everythingIsOnTheServerOnce(ground, phone, withPhoto);
  await phone.scrap();
  await ground.close();
});

/** Opens the app again on what the kill has left, and holds it against what the screen had said. */
async function comeBack(phone: PhoneApp, ground: Ground, withPhoto: Set<string>): Promise<Page> {
  const page = await phone.open({ offline: Math.random() < 0.5 });
  await page.goto('/#/outbox');
  await expect(page.getByRole('heading', { level: 1, name: 'Mes envois' })).toBeVisible();
  await whatWasSaidIsThere(page, phone, ground);
  await finishDraft(page, withPhoto);
  phone.told.kept = null;
  return page;
}

/** Brings the app to a moment, and kills the browser a random while later. */
async function dieDuring(
  phone: PhoneApp,
  page: Page,
  { when, waitMs, name }: { when: (typeof MOMENTS)[number]['when']; waitMs: number; name: string },
  withPhoto: Set<string>,
): Promise<void> {
  const die = async () => {
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    await phone.kill();
  };
  // What is under way when the browser dies fails: that is the point.
  const press = () =>
    void saveButton(page)
      .click()
      .catch(() => undefined);
  if (when === 'photo') {
    await Promise.all([shoot(page).catch(() => undefined), die()]);
    return;
  }
  await shoot(page);
  await seePhoto(page);
  withPhoto.add(name);
  if (when === 'save') {
    press();
    await die();
    return;
  }
  if (when === 'edit') {
    await saveButton(page).click();
    await expect(page).toHaveURL(/#\/outbox$/);
    await expect.poll(() => phone.told.saved.has(name)).toBe(true);
    const disk = await readDisk(page);
    const texts = [
      ...disk.outbox.map((row) => JSON.stringify(row.mutation)),
      ...disk.sent.map((row) => row.payload),
    ];
    const created = texts.find((text) => text.includes(`"${name}"`)) ?? '{}';
    await page.goto(`/#/p/${(JSON.parse(created) as { point_id: string }).point_id}`);
    await page.getByRole('button', { name: 'Modifier la fiche' }).click();
    await page.getByLabel('Nom d’usage').fill(`${name} bis`);
    await expect(page.getByText('Gardé ici')).toBeVisible();
    press();
    await die();
    return;
  }
  const road = when === 'push' ? /sync_push/ : /storage\/v1\/object\/photos|photo_commit/;
  // Whichever tab sends: only one does.
  const leaving = phone.context.waitForEvent('request', (request) => road.test(request.url()));
  press();
  await leaving;
  await die();
}

/** Each name that the screen showed as saved is on the disk or on the server; what it said was kept is in a draft. */
async function whatWasSaidIsThere(page: Page, phone: PhoneApp, ground: Ground): Promise<void> {
  const disk = await readDisk(page);
  const rows = await pointsOnServer(ground);
  const known = [...namesOn(disk), ...rows.map((row) => row.name)];
  for (const name of phone.told.saved) {
    // Renamed before it left, it waits under its second name alone.
    const isThere = known.includes(name) || known.includes(`${name} bis`);
    expect(isThere, `said to be saved: ${name}, found ${known.join(', ')}`).toBe(true);
  }
  const drafts = disk.drafts.map((draft) => draft.attributes['name']);
  const { kept } = phone.told;
  if (kept !== null) expect([...known, ...drafts], `said to be kept: ${kept}`).toContain(kept);
  // A photo that waits has its bytes: no row without them.
  for (const photo of disk.photos)
    if (photo.state !== 'stored') expect(disk.bytes, `photo ${photo.id} ${photo.state}`).toContain(photo.id);
}

/** Takes up a draft that the killed app has left, and saves it. */
async function finishDraft(page: Page, withPhoto: Set<string>): Promise<void> {
  const [draft] = (await readDisk(page)).drafts;
  if (!draft) return;
  const name = draft.attributes['name'];
  await page.goto(`/#/capture/${draft.id}`);
  await expect(page.getByLabel('Nom d’usage')).toHaveValue(String(name));
  if (draft.seen === null) {
    // A photo that was still being made smaller when the browser died was not kept yet, nor said to be.
    const isThere = (await page.getByRole('button', { name: /^Ouvrir la photo/ }).count()) > 0;
    if (isThere) withPhoto.add(String(name));
    else withPhoto.delete(String(name));
  }
  if (await saveButton(page).isEnabled()) {
    await saveButton(page).click();
    await expect(page).toHaveURL(/#\/outbox$/);
    await expect(page.locator('.row', { hasText: String(name) }).first()).toBeVisible();
  }
}

function pointsOnServer({ server, userId }: Ground): Promise<Row[]> {
  return server.sql<Row>(
    `select p.id::text, p.attributes ->> 'name' as name, count(f.id)::int as photos
     from app.points p left join app.photos f on f.point_id = p.id
     where p.author = $1 group by p.id`,
    [userId],
  );
}

async function everythingIsOnTheServerOnce(
  ground: Ground,
  phone: PhoneApp,
  withPhoto: Set<string>,
): Promise<void> {
  const rows = await pointsOnServer(ground);
  for (const name of phone.told.saved) {
    const base = name.replace(' bis', '');
    const own = rows.filter((row) => row.name.replace(' bis', '') === base);
    expect(own, `${base}, exactly once`).toHaveLength(1);
    if (name.endsWith('bis')) expect(own[0]?.name).toBe(name);
    expect(own[0]?.photos, `photos of ${base}`).toBe(withPhoto.has(base) ? 1 : 0);
  }
  const names = rows.map((row) => row.name.replace(' bis', ''));
  expect(new Set(names).size, 'no name twice').toBe(names.length);
  const photos = await ground.server.sql<{ path: string; sha256: string }>(
    'select path, sha256 from app.photos',
  );
  for (const { path, sha256 } of photos) {
    const bytes = await readFile(join(ground.dataDir, 'storage', 'photos', path));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
  }
}
