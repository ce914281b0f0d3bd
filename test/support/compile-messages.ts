import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * Compiles the interface texts once before the tests, in a process of its own: run inside vitest
 * the compiler keeps it from ending.
 */
export default async function compileMessages(): Promise<void> {
  const options = '--project ./src/i18n/project.inlang --outdir ./src/i18n/generated';
  await promisify(execFile)(process.execPath, [
    './node_modules/.bin/paraglide-js',
    'compile',
    ...options.split(' '),
    '--strategy',
    'globalVariable',
    'baseLocale',
  ]);
}
