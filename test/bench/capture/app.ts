import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { beginNamed, openGround, saveButton, settleIn, shoot } from '../../kill/field.ts';
import { PhoneApp } from '../../kill/phone-app.ts';
import { cameraJpeg, grainyJpeg, withExif } from '../../support/camera-jpeg.ts';
import { largest, median, p95, tenth } from '../statistics.ts';
import { ANSWER_GOAL_MS, CPU_SLOWDOWN, judge, PRESS_EVERY_MS, SAVE_GOAL_MS } from './goals.ts';

const SAVES = 20;
const ROUNDS = 3;
/** The last look at the form: nobody presses within half a second of the last answer. */
const LAST_LOOK_MS = 500;
const PLACE = { lon: 2.55, lat: 43.32 };

/** What the page notes of itself: the presses that took over 16 ms. */
declare global {
  interface Window {
    presses: number[];
  }
}

/**
 * `npm run bench -- capture --app`, after `npm run build`: the built app on a phone slowed six times and without network.
 * How long a save takes, and how fast the real form answers while three photos of 12 megapixels are made smaller.
 */
export async function measureForm(): Promise<void> {
  const ground = await openGround();
  const phone = await PhoneApp.buy(ground.server.url);
  const folder = await mkdtemp(join(tmpdir(), 'capitelle-bench-photos-'));
  try {
    const page = await phone.open({ listens: false, isMobile: true });
    await settleIn(page);
    await page.evaluate(listen);
    await phone.context.setOffline(true);
    const cdp = await phone.context.newCDPSession(page);
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });

    const small = { name: 'IMG_0001.jpg', mimeType: 'image/jpeg', buffer: cameraJpeg(640, 480, PLACE) };
    const saves: number[] = [];
    for (let n = 0; n < SAVES; n++) {
      await beginNamed(page, `Essai ${n}`);
      await shoot(page, small);
      saves.push(await save(page));
    }
    console.info(`save on the form           ${told(saves)}; ${saves.length} saves`);

    const three = await cameraRoll(folder);
    const presses: number[] = [];
    const hurried: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await beginNamed(page, `Essai ${SAVES + round}`);
      presses.push(...(await pressedDuring(page, three)));
      hurried.push(await save(page));
    }
    console.info(`press, three photos to do  ${told(presses)}; ${presses.length} presses`);
    console.info(`save after them            ${told(hurried)}; ${hurried.length} saves`);
    judge([
      { what: 'save p95 on the form', value: p95(saves), goal: SAVE_GOAL_MS },
      { what: 'longest answer of the form', value: largest(presses), goal: ANSWER_GOAL_MS },
    ]);
  } finally {
    await phone.scrap();
    await ground.close();
    await rm(folder, { recursive: true });
  }
}

/** Three photos of 12 megapixels as files, which the browser reads as it reads those of a camera. */
async function cameraRoll(folder: string): Promise<string[]> {
  const image = grainyJpeg(4_000, 3_000);
  const names = [0, 1, 2].map((n) => join(folder, `IMG_000${n}.jpg`));
  for (const [n, name] of names.entries()) {
    await writeFile(name, withExif(image, { ...PLACE, lon: PLACE.lon + n / 1_000 }));
  }
  return names;
}

const told = (all: readonly number[]) =>
  `median ${tenth(median(all))}, p95 ${tenth(p95(all))}, longest ${tenth(largest(all))}`;

/** In the page: from each press to the next frame. */
function listen(): void {
  window.presses = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (entry.name === 'click') window.presses.push(entry.duration);
  }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
}

/** Presses "save" on the form. Answers what the app itself measured: milliseconds until it is on the disk. */
async function save(page: Page): Promise<number> {
  await page.waitForTimeout(LAST_LOOK_MS);
  await page.evaluate(() => performance.clearMeasures());
  await saveButton(page).click();
  await page.waitForURL((url) => url.hash === '#/outbox');
  return page.evaluate(() => performance.getEntriesByName('capture-saved')[0]?.duration ?? Number.NaN);
}

/** Gives the gallery's photos to the form and goes on answering until all are there. Milliseconds of each press. */
async function pressedDuring(page: Page, photos: string[]): Promise<number[]> {
  await page.evaluate(() => (window.presses = []));
  const given = page.locator('input[type=file][multiple]').setInputFiles(photos);
  const third = page.getByRole('button', { name: 'Ouvrir la photo 2 sur 3' });
  for (let turn = 0; !(await third.isVisible()); turn++) {
    const name = turn % 2 ? 'Bon' : 'Moyen';
    await page.getByRole('radio', { name, exact: true }).check({ force: true });
    await page.waitForTimeout(PRESS_EVERY_MS);
  }
  await given;
  await page.waitForTimeout(LAST_LOOK_MS);
  return page.evaluate(() => window.presses);
}
