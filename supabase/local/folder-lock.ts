import { rmSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from './usage-error.ts';

/** Folders that this process has open: in a container every process may bear the same number. */
const ownFolders = new Set<string>();

/**
 * Takes a data folder for this process: the embedded database has a single owner. Rejects with a
 * sentence for people when another live process has it.
 * @returns gives the folder back
 */
export async function lockFolder(dataDir: string): Promise<() => Promise<void>> {
  const file = join(dataDir, 'owner.pid');
  await mkdir(dataDir, { recursive: true });
  const owner = await liveOwner(file);
  if (owner !== undefined) {
    throw new UsageError(
      'folder_in_use',
      `Le dossier ${dataDir} est utilisé par le serveur en marche (processus ${owner}) : ` +
        'arrêtez-le (Ctrl-C), puis relancez cette commande.',
    );
  }
  await rm(file, { force: true });
  await writeFile(file, `${process.pid}\n`, { flag: 'wx' });
  ownFolders.add(file);
  const releaseAtExit = () => {
    if (ownFolders.has(file)) rmSync(file, { force: true });
  };
  process.once('exit', releaseAtExit);
  return async () => {
    process.off('exit', releaseAtExit);
    ownFolders.delete(file);
    await rm(file, { force: true });
  };
}

async function liveOwner(file: string): Promise<number | undefined> {
  const pid = Number((await readFile(file, 'utf8').catch(() => '')).trim());
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  if (pid === process.pid) return ownFolders.has(file) ? pid : undefined;
  try {
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    // EPERM: somebody else's process, alive all the same.
    return error instanceof Error && 'code' in error && error.code === 'EPERM' ? pid : undefined;
  }
}
