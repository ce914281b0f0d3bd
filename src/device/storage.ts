import { isInstalled } from './platform.ts';

/** What the device says about keeping our data. Unknown figures are null. */
export interface StorageHealth {
  /** The browser promised not to erase without asking. */
  readonly isPersistent: boolean;
  /** Opened from the home screen. */
  readonly isInstalled: boolean;
  readonly usedBytes: number | null;
  readonly freeBytes: number | null;
}

/** Bytes that the browser still gives this app, null where it does not say. Works in a worker too. */
export async function readFreeBytes(): Promise<number | null> {
  if (!('storage' in navigator)) return null;
  const { usage, quota } = await navigator.storage.estimate().catch((): StorageEstimate => ({}));
  return usage === undefined || quota === undefined ? null : Math.max(0, quota - usage);
}

/** Reads it; never asks the person anything. */
export async function readStorageHealth(): Promise<StorageHealth> {
  const installed = isInstalled();
  if (!('storage' in navigator)) {
    return { isPersistent: false, isInstalled: installed, usedBytes: null, freeBytes: null };
  }
  const [isPersistent, estimate] = await Promise.all([
    navigator.storage.persisted().catch(() => false),
    navigator.storage.estimate().catch((): StorageEstimate => ({})),
  ]);
  const { usage = null, quota = null } = estimate;
  const freeBytes = usage === null || quota === null ? null : Math.max(0, quota - usage);
  return { isPersistent, isInstalled: installed, usedBytes: usage, freeBytes };
}

/** Asks the browser to keep our data until the person erases it. Some ask, some decide alone. */
export async function askPersistence(): Promise<boolean> {
  if (!('storage' in navigator)) return false;
  return navigator.storage.persist().catch(() => false);
}
