import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Database } from './database.ts';
import { hashFiles, migrate, sqlFiles } from './migrate.ts';
import { openPglite } from './pglite.ts';
import { prepareDatabase } from './prepare.ts';

const modules = join(import.meta.dirname, '../../node_modules');
const cacheFolder = join(modules, '.cache/capitelle');

/** A template that nobody used for a day is deleted when a new one is made: each takes 60 MB. */
const unusedMs = 24 * 3_600_000;

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

async function template(name: string, make: (draft: string) => Promise<void>): Promise<string> {
  const folder = join(cacheFolder, name);
  if (await exists(folder)) {
    await utimes(folder, new Date(), new Date());
    return folder;
  }
  await mkdir(cacheFolder, { recursive: true });
  const draft = join(cacheFolder, `draft-${name}-${process.pid}-${Date.now()}`);
  await make(draft);
  // Another process may have been faster: its template is as good.
  await rename(draft, folder).catch(() => rm(draft, { recursive: true }));
  await deleteUnused();
  return folder;
}

async function withDatabase(folder: string, work: (database: Database) => Promise<void>): Promise<void> {
  const database = await openPglite(folder);
  try {
    await work(database);
  } finally {
    await database.close();
  }
}

/** Copies aside then moves: an interrupted copy is never taken for a database. */
async function copyWhole(from: string, to: string): Promise<void> {
  const draft = `${to}.copy-${process.pid}`;
  await cp(from, draft, { recursive: true });
  await rename(draft, to);
}

async function deleteUnused(): Promise<void> {
  for (const name of await readdir(cacheFolder)) {
    const folder = join(cacheFolder, name);
    const { mtimeMs } = await stat(folder);
    if (Date.now() - mtimeMs > unusedMs) await rm(folder, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
