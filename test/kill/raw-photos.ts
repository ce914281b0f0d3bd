import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from '@playwright/test';

import { jpegSize } from '../../src/device/image-size.ts';
import { withExif } from '../support/camera-jpeg.ts';
import { hugeJpeg } from '../support/photo-files.ts';
import { readDisk } from './disk.ts';
import { arriveWhole, beginNamed, type Ground, saveButton } from './field.ts';
import type { PhoneApp } from './phone-app.ts';

const NAME = 'Lavoir des photos';
const SMALLER = { width: 2_000, height: 1_417 };

/**
 * The browser killed right after a save, before its photos are made smaller: opened again, it sends them
 * once, smaller, and telling nothing else. The phone is open and offline before, open and online after.
 */
export async function killBeforeItsPhotosAreReady(phone: PhoneApp, ground: Ground): Promise<void> {
  let page = phone.context.pages()[0] ?? (await phone.context.newPage());
  await beginNamed(page, NAME);
  const image = hugeJpeg().buffer;
  const files = [0, 1, 2].map((n) => ({
    name: `${n}.jpg`,
    mimeType: 'image/jpeg',
    buffer: withExif(image, { lon: 2.5512 + n / 1_000, lat: 43.3235 }),
  }));
  await page.locator('input[type=file]:not([capture])').first().setInputFiles(files);
  await expect(page.getByRole('button', { name: 'Ouvrir la photo 1 sur 3' })).toBeVisible();
  await saveButton(page).click();
  await expect(page).toHaveURL(/#\/outbox$/);
  await expect(page.getByText(/^S(a|es \d) photos? se prépare/)).toBeVisible();
  await phone.kill();

  // Beside the app, which would begin to make them smaller at once.
  page = await phone.open();
  await page.goto('/robots.txt');
  const before = await readDisk(page);
  const own = new Set(before.photos.filter(({ state }) => state === 'local').map(({ id }) => id));
  expect(own.size).toBe(3);
  expect(before.photos.some(({ raw }) => raw)).toBe(true);
  expect(before.drafts).toEqual([]);

  await arriveWhole(page);
  const disk = await readDisk(page);
  expect(disk.photos.filter(({ id }) => own.has(id)).map(({ state }) => state)).toEqual(
    Array(3).fill('stored'),
  );
  expect(disk.photos.filter(({ undecoded }) => undecoded)).toEqual([]);
  expect(disk.bytes).toEqual([]);
  await leftSmaller(ground);
}

/** Whatever the server holds of that point is small, and names neither camera nor place. */
async function leftSmaller({ server, dataDir }: Ground): Promise<void> {
  const photos = await server.sql<{ path: string; sha256: string; size: number; point: string }>(
    `select f.path, f.sha256, f.size_bytes as size, p.id::text as point
     from app.photos as f join app.points as p on p.id = f.point_id where p.attributes ->> 'name' = $1`,
    [NAME],
  );
  const objects = await server.sql<{ name: string }>(
    `select name from storage.objects where bucket_id = 'photos' and name like '%' || $1 || '%'`,
    [photos[0]?.point],
  );
  expect(photos).toHaveLength(3);
  expect(objects).toHaveLength(6);
  for (const { name } of objects) {
    const bytes = await readFile(join(dataDir, 'storage', 'photos', name));
    expect(bytes.includes('Exif'), name).toBe(false);
    const photo = photos.find(({ path }) => path === name);
    if (!photo) continue;
    expect(bytes.length).toBe(photo.size);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(photo.sha256);
    expect(jpegSize(bytes)).toEqual(SMALLER);
  }
}
