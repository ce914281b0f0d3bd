/**
 * `npm run test:kill`: the browser killed after each step of a capture, then twenty times at random;
 * `npm run test:kill -- 100` for a night.
 */
import { spawnSync } from 'node:child_process';

const [kills = '20'] = process.argv.slice(2);
const run = spawnSync(
  'playwright',
  ['test', '-c', 'test/e2e/playwright.config.ts', 'kill/kill', 'kill/steps'],
  {
    stdio: 'inherit',
    env: { ...process.env, KILLS: kills },
  },
);
process.exitCode = run.status ?? 1;
