/**
 * `npm test`: everything, in the order in which a mistake is cheapest to find. Ends with `N passed, N failed`.
 * A step that produces no report counts as one failure: silence is never a pass.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChecks } from './check.ts';

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

const reports = await mkdtemp(join(tmpdir(), 'capitelle-reports-'));

function run(command: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
    });
    child.on('error', () => resolve(127));
    child.on('close', (code) => resolve(code ?? 1));
  });
}

async function vitest(name: string, folders: string[]): Promise<Tally> {
  const file = join(reports, `${name}.json`);
  const code = await run('vitest', [
    'run',
    ...folders,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]);
  const report = await readReport(file);
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  const {
    numPassedTests: passed = 0,
    numFailedTests = 0,
    numPendingTests: skipped = 0,
  } = report as Record<string, number>;
  // A file that cannot be loaded, or an unhandled rejection, fails the run without failing a test.
  const failed = code !== 0 && numFailedTests === 0 ? 1 : numFailedTests;
  return { passed, failed: passed + failed === 0 ? 1 : failed, skipped };
}

async function playwright(): Promise<Tally> {
  const file = join(reports, 'e2e.json');
  const code = await run(
    'playwright',
    ['test', '-c', 'test/e2e/playwright.config.ts', '--reporter=list,json'],
    {
      PLAYWRIGHT_JSON_OUTPUT_FILE: file,
    },
  );
  const report = (await readReport(file)) as { stats?: Record<string, number> } | undefined;
  const { expected: passed = 0, unexpected = 0, flaky = 0, skipped = 0 } = report?.stats ?? {};
  const failed = unexpected + flaky;
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed, skipped };
}

async function readReport(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}

async function build(): Promise<Tally> {
  const code = await run('vite', ['build', '--logLevel', 'warn']);
  if (code !== 0) return { passed: 0, failed: 1, skipped: 0 };
  const budget = await run('size-limit', []);
  return budget === 0 ? { passed: 2, failed: 0, skipped: 0 } : { passed: 1, failed: 1, skipped: 0 };
}

const steps: [string, () => Promise<Tally>][] = [
  ['check', async () => ({ ...(await runChecks()), skipped: 0 })],
  ['unit', () => vitest('unit', ['test/unit', 'test/property', 'test/model', 'test/lint'])],
  ['build and budget', build],
  ['database', () => vitest('db', ['test/db'])],
  ['integration', () => vitest('integration', ['test/integration'])],
  ['browser', playwright],
];

const total: Tally = { passed: 0, failed: 0, skipped: 0 };
const lines: string[] = [];
for (const [name, step] of steps) {
  const startedAt = Date.now();
  console.info(`\n── ${name}`);
  const tally = await step();
  total.passed += tally.passed;
  total.failed += tally.failed;
  total.skipped += tally.skipped;
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  lines.push(
    `${name.padEnd(18)} ${String(tally.passed).padStart(5)} passed ${String(tally.failed).padStart(3)} failed ${String(seconds).padStart(4)} s`,
  );
}
await rm(reports, { recursive: true, force: true });
console.info(`\n${lines.join('\n')}`);
if (total.skipped > 0) console.info(`${total.skipped} skipped`);
console.info(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;
