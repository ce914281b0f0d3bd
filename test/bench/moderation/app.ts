import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { createLocalServer } from '../../../supabase/local/server.ts';
import { chromiumLaunchOptions } from '../../support/browser.ts';
import { DeskScene } from '../../support/desk-scene.ts';
import { largest, median, p95, tenth } from '../statistics.ts';

/** Under which 95 % of the next items must be shown, in milliseconds. */
const goalMs = 100;
const ITEMS = 40;
/** Time to read an item: the next ones are read meanwhile, as they are before a person. */
const readingMs = 400;

/**
 * `npm run bench -- moderation --app`, after `npm run build`: how long the desk takes from the key to the next item
 * painted, in Chromium against the local server, going on (J) and publishing (A).
 */
export async function measureNextItem(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'capitelle-bench-desk-'));
  const options = { dataDir, port: 0, host: '127.0.0.1', demo: true, staticDir: 'dist' };
  const server = await createLocalServer(options);
  const browser = await chromium.launch(chromiumLaunchOptions());
  try {
    const scene = await DeskScene.open(server);
    await scene.clear();
    for (let n = 1; n <= ITEMS + 1; n++)
      await scene.submit(`Lavoir ${n}`, { 'attributes.condition': 'good' });
    const context = await browser.newContext({
      baseURL: server.url,
      locale: 'fr-FR',
      viewport: { width: 1280, height: 800 },
    });
    const page = await context.newPage();
    await page.goto('/#/sign-in');
    await page.getByLabel('Adresse e-mail').fill('moderation@capitelle.test');
    await page.getByLabel('Mot de passe', { exact: true }).fill('capitelle-demo');
    await page.getByRole('button', { name: 'Se connecter', exact: true }).click();
    await page.waitForURL((url) => !url.hash.includes('sign-in'));
    await page.goto('/#/moderation');
    console.info(['next item shown', 'times', 'median', 'p95', 'max', `p95 < ${goalMs} ms`].join('\t'));
    tell('going on', await pressed(page, 'j', ITEMS / 2));
    await pressed(page, 'k', ITEMS / 2);
    tell('publishing', await pressed(page, 'a', ITEMS));
  } finally {
    await browser.close();
    await server.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Presses a key at each item once it is there. Answers what the desk itself measured. */
async function pressed(page: Page, key: string, times: number): Promise<number[]> {
  await page.evaluate(() => performance.clearMeasures());
  for (let turn = 0; turn < times; turn++) {
    await page.getByText(/^Relevé le/).waitFor();
    await page.waitForTimeout(readingMs);
    await page.keyboard.press(key);
  }
  await page.waitForTimeout(readingMs);
  return page.evaluate(() => performance.getEntriesByName('desk-next-shown').map(({ duration }) => duration));
}

function tell(name: string, all: readonly number[]): void {
  const isGood = all.length > 0 && p95(all) < goalMs;
  const figures = [median(all), p95(all), largest(all)].map(tenth);
  console.info([name, all.length, ...figures, isGood ? 'yes' : 'NO'].join('\t'));
  if (!isGood) process.exitCode = 1;
}
