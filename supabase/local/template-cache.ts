import { cp, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';

const cacheFolder = join(import.meta.dirname, '../../node_modules/.cache/capitelle');

/** A template that nobody used for a day is deleted when a new one is made: each takes 60 MB. */
const unusedMs = 24 * 3_600_000;

/** Folder of a template, made the first time it is asked for; `name` changes with what goes into it. */
export async function template(name: string, make: (draft: string) => Promise<void>): Promise<string> {
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

/** Copies aside then moves: an interrupted copy is never taken for a database. */
export async function copyWhole(from: string, to: string): Promise<void> {
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

/** Whether there is a file or a folder. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
