import { wasPersistenceAsked, setPersistenceAsked } from '../db/meta.ts';
import type { Precious } from '../db/precious.ts';
import { askPersistence } from '../device/storage.ts';

/**
 * Asks the browser, once on this device, to erase nothing by itself: at the first capture, when there
 * is something to lose. Answers what it said, for the person to know; null when it was asked before.
 */
export async function askToKeepOnce(precious: Precious): Promise<boolean | null> {
  if (await wasPersistenceAsked(precious)) return null;
  await setPersistenceAsked(precious);
  return askPersistence();
}
