import { spawnSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { afterAll, expect, test } from 'vitest';

const intruder = 'src/domain/intruder-for-boundaries-test.ts';

function cruise(): {
  summary: { violations: { rule: { name: string }; from: string; to: string }[]; totalCruised: number };
} {
  const run = spawnSync(
    'depcruise',
    ['src', 'supabase', '--config', 'test/lint/dependency-cruiser.cjs', '--output-type', 'json'],
    { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
  );
  if (!run.stdout) throw new Error(run.stderr);
  return JSON.parse(run.stdout) as ReturnType<typeof cruise>;
}

afterAll(() => rm(intruder, { force: true }));

test('every layer imports only what CONTRIBUTING.md allows, and nothing goes in circles', () => {
  const { summary } = cruise();
  expect(summary.totalCruised).toBeGreaterThan(50);
  expect(summary.violations.map((v) => `${v.rule.name}: ${v.from} → ${v.to}`)).toEqual([]);
});

test('a file of the domain that imports the database is caught', async () => {
  await mkdir('src/domain', { recursive: true });
  await writeFile(intruder, "import Dexie from 'dexie';\nexport default Dexie;\n");
  const names = cruise().summary.violations.map((v) => v.rule.name);
  expect(names).toContain('domain-packages');
});
