import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { lockFolder } from '../folder-lock.ts';
import { copyWhole, exists } from '../template-cache.ts';
import { UsageError } from '../usage-error.ts';

/**
 * Copies a data folder into a new one: database, photos and secrets. The server must be stopped: files
 * that are being written make no backup. Throws UsageError.
 */
export async function backUp(dataDir: string, target: string): Promise<void> {
  if (!(await exists(join(dataDir, 'database'))))
    throw new UsageError('nothing_to_save', `${dataDir} ne contient pas de base.`);
  if (await exists(target))
    throw new UsageError('target_exists', `${target} existe déjà : donnez un autre nom.`);
  const release = await lockFolder(dataDir);
  try {
    await mkdir(target, { recursive: true, mode: 0o700 });
    for (const part of ['secrets.json', 'storage'])
      if (await exists(join(dataDir, part)))
        await cp(join(dataDir, part), join(target, part), { recursive: true, preserveTimestamps: true });
    // Last and at once: a backup that was interrupted has no database, and is refused.
    await copyWhole(join(dataDir, 'database'), join(target, 'database'));
  } finally {
    await release();
  }
}
