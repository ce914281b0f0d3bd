import { join } from 'node:path';
import type { Database } from './database.ts';
import { lockFolder } from './folder-lock.ts';
import { migrate } from './migrate.ts';
import { openPglite } from './pglite.ts';
import { copyTemplate } from './pglite-template.ts';
import { openPostgres } from './postgres.ts';
import { prepareDatabase } from './prepare.ts';

/** An open database and how to let go of what guards it. */
export interface OpenDataFolder {
  database: Database;
  release: () => Promise<void>;
}

/**
 * Opens the database of a data folder, or the PostgreSQL named by `databaseUrl`, migrated and
 * with its reference data.
 */
export async function openDataFolder(options: {
  dataDir: string;
  databaseUrl?: string;
}): Promise<OpenDataFolder> {
  if (options.databaseUrl !== undefined) {
    const database = await openPostgres(options.databaseUrl);
    return { database: await upToDate(database, async () => undefined), release: async () => undefined };
  }
  const release = await lockFolder(options.dataDir);
  try {
    const folder = join(options.dataDir, 'database');
    await copyTemplate(folder);
    const database = await openPglite(folder);
    return { database: await upToDate(database, release), release };
  } catch (error) {
    await release();
    throw error;
  }
}

async function upToDate(database: Database, release: () => Promise<void>): Promise<Database> {
  try {
    await prepareDatabase(database);
    await migrate(database);
    return database;
  } catch (error) {
    await database.close();
    await release();
    throw error;
  }
}
