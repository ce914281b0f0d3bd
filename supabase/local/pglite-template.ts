import { cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hashFiles, migrate, sqlFiles } from './migrate.ts';
import { openPglite } from './pglite.ts';
import { prepareDatabase } from './prepare.ts';

const cacheFolder = join(import.meta.dirname, '../../node_modules/.cache/capitelle');

/**
 * Fills a new database folder from a prepared one, kept under node_modules/.cache for the current
 * migrations and seeds: a fresh start takes a second instead of ten. An existing folder is left
 * as it is.
 */
export async function copyTemplate(folder: string): Promise<void> {
  if (await exists(folder)) return;
  const template = join(cacheFolder, `database-${await templateVersion()}`);
  if (!(await exists(template))) await prepareTemplate(template);
  await mkdir(dirname(folder), { recursive: true });
  const draft = `${folder}.draft-${process.pid}`;
  await cp(template, draft, { recursive: true });
  await rename(draft, folder);
}

async function prepareTemplate(template: string): Promise<void> {
  const draft = `${template}.draft-${process.pid}-${Date.now()}`;
  await mkdir(draft, { recursive: true });
  const database = await openPglite(draft);
  try {
    await prepareDatabase(database);
    await migrate(database);
  } finally {
    await database.close();
  }
  // Another process may have been faster: its template is as good.
  await rename(draft, template).catch(() => rm(draft, { recursive: true }));
}

async function templateVersion(): Promise<string> {
  const preparation = ['pglite.ts', 'prepare.ts', 'migrate.ts'].map((name) =>
    join(import.meta.dirname, name),
  );
  const lockFile = join(import.meta.dirname, '../../package-lock.json');
  const files = [...(await sqlFiles('migrations')), ...(await sqlFiles('seed')), ...preparation, lockFile];
  return (await hashFiles(files)).slice(0, 16);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
