/** `npm run backup`: the data folder of a server that is stopped, copied into a new folder. */
import { resolve } from 'node:path';
import { backUp } from './backup/back-up.ts';
import { runCommand } from './run-command.ts';
import { readSettings } from './settings.ts';
import { UsageError } from './usage-error.ts';

await runCommand(async () => {
  const { dataDir, databaseUrl } = readSettings({ ...process.env, DEMO: '0' });
  const [target] = process.argv.slice(2);
  if (databaseUrl !== undefined)
    throw new UsageError(
      'not_embedded',
      'La base de DATABASE_URL se sauvegarde par PostgreSQL (pg_dump, pg_basebackup) ; copiez aussi DATA_DIR/storage.',
    );
  if (target === undefined)
    throw new UsageError('target_missing', 'Dans quel dossier ? npm run backup -- DOSSIER');
  await backUp(dataDir, resolve(target));
  console.info(`Sauvegarde faite dans ${target} : base, photos et secrets. Gardez-la à l'abri des regards.`);
});
