/** `npm run restore`: a backup put back as a new life of the server, so that phones send again what it has forgotten. */
import { join, resolve } from 'node:path';
import { registerFiles } from './backup/register-files.ts';
import { beginNewLife, restore } from './backup/restore.ts';
import { openDataFolder } from './data-folder.ts';
import type { LocalServerOptions } from './options.ts';
import { runCommand } from './run-command.ts';
import { readSettings } from './settings.ts';
import { UsageError } from './usage-error.ts';

await runCommand(async () => {
  const settings = readSettings({ ...process.env, DEMO: '0' });
  const [source] = process.argv.slice(2);
  if (source === undefined)
    throw new UsageError(
      'source_missing',
      'Quelle sauvegarde ? npm run restore -- DOSSIER ; ou npm run restore -- --done, si la base est déjà remise en place.',
    );
  const epoch = source === '--done' ? await tellOnly(settings) : await putBack(settings, resolve(source));
  console.info(`Nouvelle époque ${epoch} : les téléphones renverront ce que la sauvegarde ne connaît pas.`);
});

async function putBack({ dataDir, databaseUrl }: LocalServerOptions, source: string): Promise<string> {
  if (databaseUrl !== undefined)
    throw new UsageError(
      'not_embedded',
      'La base de DATABASE_URL se remet en place par PostgreSQL (pg_restore, ou ses fichiers) ; puis npm run restore -- --done, avant de rouvrir.',
    );
  const { epoch, keptAside } = await restore(dataDir, source, new Date());
  if (keptAside) console.info(`La base d'avant est gardée dans ${keptAside}.`);
  return epoch;
}

async function tellOnly(settings: LocalServerOptions): Promise<string> {
  const { database, release } = await openDataFolder(settings);
  try {
    await registerFiles(database, join(settings.dataDir, 'storage'));
    return await beginNewLife(database);
  } finally {
    await database.close();
    await release();
  }
}
