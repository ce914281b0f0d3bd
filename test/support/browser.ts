import { chromium, type LaunchOptions } from '@playwright/test';
import { existsSync } from 'node:fs';

/**
 * How to start Chromium here: Playwright's own when it has been downloaded, else the system's.
 * As root the sandbox cannot start; the other switches keep the browser from calling its maker.
 */
export function chromiumLaunchOptions(): LaunchOptions {
  const args = [
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ];
  if (process.getuid?.() === 0) args.push('--no-sandbox');
  const installed = [
    chromium.executablePath(),
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ];
  const executablePath = installed.find((path) => existsSync(path));
  if (executablePath === undefined) {
    throw new Error('No Chromium: run `apt-get install chromium` or `npx playwright install chromium`.');
  }
  return { args, executablePath };
}
