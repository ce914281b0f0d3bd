import { chromium, type BrowserContext, type Page } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromiumLaunchOptions } from '../../support/browser.ts';
import type { PartyConfig } from './page/party.ts';

/** A browser with a profile of its own on the disk, opened at an origin, that runs one party. */
export interface BenchPhone {
  readonly page: Page;
  slowDown(times: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts a browser on a new profile, gives it the party's script at the road's origin, and signs in. */
export async function openPhone(script: string, config: PartyConfig): Promise<BenchPhone> {
  const profile = await mkdtemp(join(tmpdir(), 'capitelle-bench-profile-'));
  const context: BrowserContext = await chromium.launchPersistentContext(profile, chromiumLaunchOptions());
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error(error));
  const address = `${config.url}/bench.html`;
  // Given by the browser itself: the page's own weight is not on the road.
  await page.route(address, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>bench</title>' }),
  );
  await page.goto(address);
  await page.unrouteAll();
  await page.addScriptTag({ content: script });
  await page.evaluate((given) => window.party.open(given), config);
  return {
    page,
    async slowDown(rate) {
      const session = await context.newCDPSession(page);
      await session.send('Emulation.setCPUThrottlingRate', { rate });
    },
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
