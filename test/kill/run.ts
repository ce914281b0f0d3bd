/** `npm run test:kill`: the browser killed twenty times; `npm run test:kill -- 100` for a night. */
import { spawnSync } from 'node:child_process';

const [kills = '20'] = process.argv.slice(2);
const run = spawnSync('playwright', ['test', '-c', 'test/e2e/playwright.config.ts', 'kill/kill'], {
  stdio: 'inherit',
  env: { ...process.env, KILLS: kills },
});
process.exitCode = run.status ?? 1;
