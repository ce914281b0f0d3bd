import { test as base, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalServer, type LocalServer } from '../../supabase/local/server.ts';

/** One demonstration server per worker, with the built application, on a free port. */
export const test = base.extend<{ phone: Page }, { server: LocalServer }>({
  server: [
    // eslint wants no empty pattern: Playwright reads the parameter's destructuring.
    async ({ browserName }, use) => {
      const dataDir = await mkdtemp(join(tmpdir(), `capitelle-e2e-${browserName}-`));
      const server = await createLocalServer({
        dataDir,
        port: 0,
        host: '127.0.0.1',
        demo: true,
        staticDir: 'dist',
      });
      await use(server);
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    },
    { scope: 'worker', timeout: 300_000 },
  ],
  baseURL: ({ server }, use) => use(server.url),
  phone: async ({ page }, use) => {
    await page.goto('/');
    await use(page);
  },
});

export { expect } from '@playwright/test';

/** A second phone: its own storage, its own person. */
export function otherDevice(
  browser: Browser,
  server: LocalServer,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<BrowserContext> {
  return browser.newContext({
    baseURL: server.url,
    locale: 'fr-FR',
    timezoneId: 'Europe/Paris',
    viewport: { width: 390, height: 844 },
    permissions: ['geolocation'],
    geolocation: { longitude: 2.5512, latitude: 43.3215, accuracy: 8 },
    ...options,
  });
}
