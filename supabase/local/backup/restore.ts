import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '../database.ts';
import { lockFolder } from '../folder-lock.ts';
import { migrate } from '../migrate.ts';
import { openPglite } from '../pglite.ts';
import { prepareDatabase } from '../prepare.ts';
import { copyWhole, exists } from '../template-cache.ts';
import { UsageError } from '../usage-error.ts';
import { registerFiles } from './register-files.ts';

/** What was put back, and where what it replaced is. */
export interface Restored {
  readonly epoch: string;
  /** Folder of the database that was there before; none when there was none. */
  readonly keptAside: string | null;
}

/**
 * Puts a backup of a data folder back, as a new life of the server: phones send again what it has
 * forgotten. The database that was there is kept aside, and no file of a photo is deleted. Throws
 * UsageError.
 */
export async function restore(dataDir: string, backup: string, now: Date): Promise<Restored> {
  if (!(await exists(join(backup, 'database'))))
    throw new UsageError(
      'no_backup',
      `${backup} n'est pas une sauvegarde : il n'y a pas de dossier database.`,
    );
  const release = await lockFolder(dataDir);
  try {
    const database = join(dataDir, 'database');
    const draft = join(dataDir, 'database.restored');
    await rm(draft, { recursive: true, force: true });
    await copyWhole(join(backup, 'database'), draft);
    await mkdir(join(dataDir, 'storage'), { recursive: true });
    for (const part of ['secrets.json', 'storage'])
      if (await exists(join(backup, part)))
        await cp(join(backup, part), join(dataDir, part), { recursive: true, force: false });
    const epoch = await withNewLife(draft, join(dataDir, 'storage'));
    const aside = join(dataDir, `database.before-${now.toISOString().replaceAll(/[:.]/g, '-')}`);
    const isReplaced = await exists(database);
    if (isReplaced) await rename(database, aside);
    await rename(draft, database);
    return { epoch, keptAside: isReplaced ? aside : null };
  } finally {
    await release();
  }
}

async function withNewLife(folder: string, storageDir: string): Promise<string> {
  const database = await openPglite(folder);
  try {
    await prepareDatabase(database);
    await migrate(database);
    await registerFiles(database, storageDir);
    return await beginNewLife(database);
  } finally {
    await database.close();
  }
}

/** Says that a database was put back from a backup, however it was. Returns the new epoch. */
export async function beginNewLife(database: Database): Promise<string> {
  const [row] = await database.query<{ epoch: string }>('select private.begin_new_life() as epoch');
  if (!row) throw new Error('private.begin_new_life() answered nothing');
  return row.epoch;
}
