import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Database } from './database.ts';
import { hashFiles, migrate, sqlFiles } from './migrate.ts';
import { openPglite } from './pglite.ts';
import { prepareDatabase } from './prepare.ts';
import { copyWhole, exists, template } from './template-cache.ts';

const modules = join(import.meta.dirname, '../../node_modules');

/**
 * Fills a new database folder from a prepared one, kept under node_modules/.cache: creating the
 * cluster and PostGIS takes ten times as long as copying them. An existing folder is left alone.
 */
export async function copyTemplate(folder: string): Promise<void> {
  if (await exists(folder)) return;
  await mkdir(dirname(folder), { recursive: true });
  await copyWhole(await migratedTemplate(), folder);
}

async function migratedTemplate(): Promise<string> {
  const files = [
    ...(await sqlFiles('migrations')),
    ...(await sqlFiles('seed')),
    join(import.meta.dirname, 'prepare.ts'),
  ];
  const version = createHash('sha256')
    .update(await bareVersion())
    .update(await hashFiles(files));
  return template(`migrated-${version.digest('hex').slice(0, 16)}`, async (draft) => {
    await copyWhole(await bareTemplate(), draft);
    await withDatabase(draft, async (database) => {
      await prepareDatabase(database);
      await migrate(database);
    });
  });
}

/** A cluster with its extensions, kept as long as the packages are the same. */
async function bareTemplate(): Promise<string> {
  return template(`bare-${await bareVersion()}`, (draft) => withDatabase(draft, prepareDatabase));
}

async function bareVersion(): Promise<string> {
  const hash = createHash('sha256');
  for (const name of ['@electric-sql/pglite', '@electric-sql/pglite-postgis', '@supabase/lite']) {
    hash.update(await readFile(join(modules, name, 'package.json')));
  }
  return hash.digest('hex').slice(0, 16);
}

async function withDatabase(folder: string, work: (database: Database) => Promise<void>): Promise<void> {
  const database = await openPglite(folder);
  try {
    await work(database);
  } finally {
    await database.close();
  }
}
