import { defineConfig } from '@playwright/test';
import { chromiumLaunchOptions } from '../support/browser.ts';

export default defineConfig({
  testDir: '..',
  testMatch: ['e2e/*.spec.ts', 'kill/*.spec.ts'],
  outputDir: './results',
  // One server and one browser per worker; two cores.
  workers: 2,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  // A slow machine fails nothing by being slow: what is fast is shown by the benchmark.
  timeout: 300_000,
  expect: { timeout: 60_000 },
  use: {
    browserName: 'chromium',
    launchOptions: chromiumLaunchOptions(),
    locale: 'fr-FR',
    timezoneId: 'Europe/Paris',
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    hasTouch: true,
    permissions: ['geolocation'],
    geolocation: { longitude: 2.5512, latitude: 43.3215, accuracy: 8 },
    screenshot: 'only-on-failure',
    // A recording of everything costs a third of the run: `--trace retain-on-failure` where one is wanted.
    trace: 'off',
  },
});
