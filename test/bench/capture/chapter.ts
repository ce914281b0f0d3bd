import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { chromium, type Page } from '@playwright/test';

import { chromiumLaunchOptions } from '../../support/browser.ts';
import { cameraJpeg, grainyJpeg, withExif } from '../../support/camera-jpeg.ts';
import { bundlePage } from '../bundle-page.ts';
import { largest, p95, tenth } from '../statistics.ts';
import { ANSWER_GOAL_MS, CPU_SLOWDOWN, judge, PRESS_EVERY_MS, SAVE_GOAL_MS } from './goals.ts';

const SAVES = 40;
/** Each has three photos to make smaller before the next begins. */
const SAVES_AT_ONCE = 20;
const ROUNDS = 3;

/** How the screen answered: from each press to the next frame, and the tasks of over 50 ms that held it. */
export interface Answers {
  readonly presses: readonly number[];
  readonly tasks: readonly number[];
}

/** The same, with how long the work took meanwhile. */
export interface Prepared extends Answers {
  readonly ms: number;
}

/** What the page does when it is asked. */
export interface CapturePage {
  open(theme: unknown): Promise<void>;
  /** Captures with a photo each: how long each save took, from the press to "saved", beside one bare write. */
  saves(count: number, photo: string): Promise<{ times: number[]; floor: number[] }>;
  /** The same where the press follows photos that are then still being made smaller. */
  savesAtOnce(count: number, urls: readonly string[]): Promise<number[]>;
  photos(urls: readonly string[]): Promise<Prepared>;
  peerPhotos(urls: readonly string[]): Promise<Prepared>;
}

declare global {
  interface Window {
    readonly capture: CapturePage;
  }
}

/** Photos of 12 megapixels, each with a position of its own. */
function photosOfACamera(): Map<string, Buffer> {
  const image = grainyJpeg(4_000, 3_000);
  const lon = 2.55;
  const lat = 43.32;
  return new Map([
    ...[0, 1, 2].map((n) => [`/photo-${n}.jpg`, withExif(image, { lon: lon + n / 1_000, lat })] as const),
    // What a save takes does not hang on what the photo weighed.
    ['/photo-small.jpg', cameraJpeg(640, 480, { lon, lat })] as const,
  ]);
}

async function servePage(photos: Map<string, Buffer>) {
  const { script, files } = await bundlePage(join(import.meta.dirname, 'page.svelte.ts'));
  const texts = new Map([
    ...files,
    ['/', '<!doctype html><title>bench</title><body>0</body><script type="module" src="/page.js"></script>'],
    ['/page.js', script],
  ]);
  const server = createServer(({ url = '/' }, response) => {
    const body = texts.get(url) ?? photos.get(url);
    const type = photos.has(url) ? 'image/jpeg' : url === '/' ? 'text/html' : 'text/javascript';
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': type }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

/** Presses the page again and again, as somebody does who goes on with the form, until the work ends. */
async function pressing<T>(page: Page, work: Promise<T>): Promise<T> {
  let isOver = false;
  const ended = work.finally(() => (isOver = true));
  // Told when it is awaited below.
  ended.catch(() => undefined);
  while (!isOver) {
    await page.mouse.click(100, 100);
    await new Promise((resolve) => setTimeout(resolve, PRESS_EVERY_MS));
  }
  return ended;
}

/**
 * `npm run bench -- capture`, in Chromium with the page slowed six times: how long a save takes, also over three photos
 * of 12 megapixels that are still being made smaller, and how fast the screen answers meanwhile, beside
 * browser-image-compression on the page's thread. With `--app`, the same on the form of the built app.
 */
export async function measureCapture([part]: readonly string[]): Promise<void> {
  if (part === '--app') return (await import('./app.ts')).measureForm();
  const photos = photosOfACamera();
  const { server, url } = await servePage(photos);
  const seed = join(import.meta.dirname, '../../../supabase/seed/themes/heritage.json');
  const theme = JSON.parse(await readFile(seed, 'utf8')) as { form: { rev: number } };
  const browser = await chromium.launch(chromiumLaunchOptions());
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(error));
    await page.goto(url);
    await page.evaluate((given) => window.capture.open(given), { form_rev: theme.form.rev, ...theme });
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
    const { times: saves, floor } = await page.evaluate(
      (count) => window.capture.saves(count, '/photo-small.jpg'),
      SAVES,
    );
    const urls = [...photos.keys()].slice(0, 3);
    const atOnce = await page.evaluate(([count, three]) => window.capture.savesAtOnce(count, three), [
      SAVES_AT_ONCE,
      urls,
    ] as const);
    const ours: Prepared[] = [];
    const peer: Prepared[] = [];
    // In turn, so that a busy moment of the machine falls on both.
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(
        await pressing(
          page,
          page.evaluate((three) => window.capture.photos(three), urls),
        ),
      );
      peer.push(
        await pressing(
          page,
          page.evaluate((three) => window.capture.peerPhotos(three), urls),
        ),
      );
    }
    const sizes = urls.map((one) => tenth((photos.get(one)?.length ?? 0) / 1e6)).join(', ');
    console.info(`capture: processor slowed ${CPU_SLOWDOWN} times, ms; photos of 12 megapixels, ${sizes} MB`);
    const save = p95(saves);
    console.info(
      `save                       p95 ${tenth(save)}, longest ${tenth(largest(saves))}; ${saves.length} saves (one bare write of the browser: p95 ${tenth(p95(floor))})`,
    );
    const hurried = p95(atOnce);
    console.info(
      `save, three photos to do   p95 ${tenth(hurried)}, longest ${tenth(largest(atOnce))}; ${atOnce.length} saves while three 12-megapixel photos are being made smaller`,
    );
    const answer = tell('three photos, ours', ours);
    tell('three photos, peer', peer);
    judge([
      { what: 'save p95', value: save, goal: SAVE_GOAL_MS },
      { what: 'save p95 while three photos are made smaller', value: hurried, goal: SAVE_GOAL_MS },
      { what: 'longest answer', value: answer, goal: ANSWER_GOAL_MS },
    ]);
  } finally {
    await browser.close();
    server.close();
  }
}

/** Says how the screen answered over several rounds; returns its slowest answer. */
function tell(name: string, rounds: readonly Prepared[]): number {
  const presses = rounds.flatMap((one) => one.presses);
  const tasks = rounds.flatMap((one) => one.tasks);
  console.info(
    `${name.padEnd(26)} answer p95 ${tenth(p95(presses))}, longest ${tenth(largest(presses))}; ` +
      `longest task ${tenth(largest(tasks))}; done in ${rounds.map((one) => tenth(one.ms)).join(', ')}; ` +
      `${presses.length} presses of over 16 ms`,
  );
  return largest(presses);
}
