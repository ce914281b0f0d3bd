const heldHere = new Set<string>();

/**
 * Runs work unless this user's sync already runs, in this tab or another. Returns whether it ran.
 * Where there are no Web Locks, this tab only guards itself: receipts make a double harmless.
 */
export async function withSyncLock(userId: string, work: () => Promise<void>): Promise<boolean> {
  const name = `sync:${userId}`;
  // Old WebViews have no `locks`, whatever the types say.
  const locks = (globalThis.navigator as Partial<Navigator> | undefined)?.locks;
  if (!locks) return withLocalLock(name, work);
  return locks.request(name, { ifAvailable: true }, async (lock) => {
    if (lock) await work();
    return lock !== null;
  });
}

async function withLocalLock(name: string, work: () => Promise<void>): Promise<boolean> {
  if (heldHere.has(name)) return false;
  heldHere.add(name);
  try {
    await work();
    return true;
  } finally {
    heldHere.delete(name);
  }
}
