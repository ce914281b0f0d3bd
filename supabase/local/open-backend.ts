import { createHash } from 'node:crypto';
import { glob, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createBackend, type Backend } from './backend.ts';
import { hashFiles, sqlFiles } from './migrate.ts';
import type { LocalServerOptions } from './options.ts';
import { copyWhole, exists, template } from './template-cache.ts';

/**
 * Opens the backend of a data folder. A new demonstration on the embedded database is copied from
 * one that was played before: playing it again takes ten times as long.
 */
export async function openBackend(options: LocalServerOptions, publicUrl: string): Promise<Backend> {
  const isNewDemo =
    options.demo && options.databaseUrl === undefined && !(await exists(join(options.dataDir, 'database')));
  if (isNewDemo) await copyDemo(options.dataDir);
  return createBackend(options, publicUrl);
}

async function copyDemo(dataDir: string): Promise<void> {
  const ready = await template(`demo-${await demoVersion()}`, async (draft) => {
    const backend = await createBackend(
      { dataDir: draft, port: 0, host: '127.0.0.1', demo: true },
      'http://127.0.0.1',
    );
    await backend.close();
  });
  await mkdir(dataDir, { recursive: true });
  // The photos first: a database is never there without those it speaks of.
  for (const part of ['storage', 'database']) await copyWhole(join(ready, part), join(dataDir, part));
}

async function demoVersion(): Promise<string> {
  const files = [...(await sqlFiles('migrations')), ...(await sqlFiles('seed'))];
  for (const pattern of ['../seed/demo/**/*.{json,geojson,jpg}', '{demo,territories}/*.ts', 'prepare.ts']) {
    for await (const file of glob(join(import.meta.dirname, pattern))) files.push(file);
  }
  return createHash('sha256')
    .update(await hashFiles(files.toSorted()))
    .digest('hex')
    .slice(0, 16);
}
