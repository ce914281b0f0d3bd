/**
 * `npm run check`: format, lint, types, dead code. Each is one line of the report; all run even when one fails,
 * so that a contributor sees everything at once.
 */
import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';

type Check = readonly [name: string, command: string, args: readonly string[]];

/** First: the others read what it writes. */
const COMPILE: Check = [
  'messages compile',
  'paraglide-js',
  ['compile', '--project', 'src/i18n/project.inlang', '--outdir', 'src/i18n/generated', '--silent'],
];

/** The longest beside all the others, one after the other: two processors are enough. */
const LANES: readonly (readonly Check[])[] = [
  [['lint', 'eslint', ['-c', 'test/lint/eslint.config.js', '.']]],
  [
    ['format', 'prettier', ['--check', '--log-level', 'warn', '.']],
    ['types', 'svelte-check', ['--tsconfig', './tsconfig.json', '--fail-on-warnings', '--output', 'human']],
    ['dead code', 'knip', ['--no-progress']],
  ],
];

/** Runs every check, printing the output of those that fail. Returns how many passed and failed. */
export async function runChecks(): Promise<{ passed: number; failed: number }> {
  const results = [await runCheck(COMPILE)];
  const lane = async (checks: readonly Check[]) => {
    for (const check of checks) results.push(await runCheck(check));
  };
  await Promise.all(LANES.map(lane));
  const passed = results.filter((isRight) => isRight).length;
  return { passed, failed: results.length - passed };
}

function runCheck([name, command, args]: Check): Promise<boolean> {
  return new Promise((resolve) => {
    const said: string[] = [];
    const end = (isRight: boolean) => {
      console.info(`${isRight ? 'ok  ' : 'FAIL'} ${name}`);
      if (!isRight) console.info(said.join(''));
      resolve(isRight);
    };
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => void said.push(text));
    }
    child.on('error', (cause) => {
      said.push(String(cause));
      end(false);
    });
    child.on('close', (code) => end(code === 0));
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = (await runChecks()).failed > 0 ? 1 : 0;
}
