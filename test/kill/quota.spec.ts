import { expect, type Page, test } from '@playwright/test';

import { photoFile } from '../e2e/steps.ts';
import { readDisk } from './disk.ts';
import { arriveWhole, beginNamed, namesOnServer, openGround, saveButton, settleIn, shoot } from './field.ts';
import { PhoneApp } from './phone-app.ts';

const largePicture = photoFile('IMG_0001.jpg', 2400, 1800);
/** Room for a form and a photo or two, not for as many as a point may have. */
const ROOM_BYTES = 1_000_000;
const MOST_PHOTOS = 9;
/** Of base map, seen and taken along. */
const SQUARES_BYTES = 400_000;

test('a phone without room keeps the form open, says so, and loses nothing', async () => {
  const ground = await openGround();
  const phone = await PhoneApp.buy(ground.server.url);
  const first = await phone.open();
  await settleIn(first);
  const usedBytes = await first.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
  await phone.close();

  const page = await phone.open();
  const free = await limitTo(page, ground.server.url, usedBytes + ROOM_BYTES + 2 * SQUARES_BYTES);
  await phone.context.setOffline(true);
  await beginNamed(page, 'Essai 1');
  await putSquares(page, ['basemap', 'areas']);
  const noRoom = page.getByText(/plus de place sur cet appareil/).first();
  const tiles = page.getByRole('button', { name: /^Ouvrir la photo/ });
  let kept = 0;

  await test.step('a photo that does not fit is refused in one line, what was there stays', async () => {
    const isRefused = () => noRoom.isVisible();
    while (kept < MOST_PHOTOS && !(await isRefused())) {
      await shoot(page, largePicture);
      const before = kept;
      await expect(async () => {
        kept = (await readDisk(page)).photos.length;
        expect(kept > before || (await isRefused())).toBe(true);
      }).toPass();
    }
    await expect(noRoom).toBeVisible();
    await expect(tiles).toHaveCount(kept);
    await expect(page.getByLabel('Nom d’usage')).toHaveValue('Essai 1');
    const disk = await readDisk(page);
    expect(disk.drafts).toMatchObject([{ attributes: { name: 'Essai 1' } }]);
    // Whole or not at all: a row and its bytes for each photo shown, nothing of the one refused.
    expect(disk.photos).toHaveLength(kept);
    expect(disk.bytes.toSorted()).toEqual(disk.photos.map((photo) => photo.id).toSorted());
  });

  await test.step('squares of the map that were merely seen had gone first, those taken along are here', async () => {
    expect(await countSquares(page, 'basemap')).toBe(0);
    expect(await countSquares(page, 'areas')).toBe(1);
  });

  await test.step('once there is room, the same form takes the photo and is saved', async () => {
    await free();
    await shoot(page, largePicture);
    await expect(tiles).toHaveCount(kept + 1);
    await saveButton(page).click();
    await expect(page).toHaveURL(/#\/outbox$/);
    await phone.context.setOffline(false);
    await arriveWhole(page);
    expect(await namesOnServer(ground)).toEqual(['Essai 1']);
    expect(await ground.server.sql('select id from app.photos')).toHaveLength(kept + 1);
  });

  await phone.scrap();
  await ground.close();
});

/**
 * Gives an origin so many bytes. The browser counts what is left when something of the origin first
 * writes, be it its service worker: call it before any page of it opens. Returns how to lift the limit.
 */
async function limitTo(page: Page, url: string, quotaSize: number): Promise<() => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  const { origin } = new URL(url);
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize });
  return async () => void (await session.send('Storage.overrideQuotaForOrigin', { origin }));
}

/** Fills caches of the base map as a walk over the map does. */
function putSquares(page: Page, names: readonly string[]): Promise<void> {
  return page.evaluate(
    async ({ names, bytes }) => {
      for (const name of names) {
        const square = crypto.getRandomValues(new Uint8Array(65_536));
        const body = new Blob(Array.from({ length: Math.ceil(bytes / square.length) }, () => square));
        await (await caches.open(name)).put('/a-square.png', new Response(body));
      }
    },
    { names, bytes: SQUARES_BYTES },
  );
}

function countSquares(page: Page, name: string): Promise<number> {
  return page.evaluate(async (cache) => (await (await caches.open(cache)).keys()).length, name);
}
