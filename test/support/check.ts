/**
 * `npm run check`: format, lint, types, dead code. Each is one line of the report; all run even when one fails,
 * so that a contributor sees everything at once.
 */
import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';

const CHECKS: [name: string, command: string, args: string[]][] = [
  [
    'messages compile',
    'paraglide-js',
    ['compile', '--project', 'src/i18n/project.inlang', '--outdir', 'src/i18n/generated', '--silent'],
  ],
  ['format', 'prettier', ['--check', '--log-level', 'warn', '.']],
  ['lint', 'eslint', ['-c', 'test/lint/eslint.config.js', '.']],
  ['types', 'svelte-check', ['--tsconfig', './tsconfig.json', '--fail-on-warnings', '--output', 'human']],
  ['dead code', 'knip', ['--no-progress']],
];

/** Runs every check, printing the output of those that fail. Returns how many passed and failed. */
export function runChecks(): { passed: number; failed: number } {
  let failed = 0;
  for (const [name, command, args] of CHECKS) {
    const run = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
    const ok = run.status === 0;
    if (!ok) failed += 1;
    console.info(`${ok ? 'ok  ' : 'FAIL'} ${name}`);
    if (!ok) console.info(`${run.stdout}${run.stderr}${run.error ? String(run.error) : ''}`);
  }
  return { passed: CHECKS.length - failed, failed };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = runChecks().failed > 0 ? 1 : 0;
}
