import { askPersistence, readStorageHealth, type StorageHealth } from '../device/storage.ts';
import { forgetsUnlessInstalled } from '../device/platform.ts';
import { LIMITS } from '../domain/limits.ts';

/** How well this device keeps what it is given. */
export class DeviceStorage {
  #health = $state.raw<StorageHealth | null>(null);

  /** Null until read. */
  get health(): StorageHealth | null {
    return this.#health;
  }

  /** Whether the room left is kept for captures, and points around are no longer received. */
  get isScarce(): boolean {
    const free = this.#health?.freeBytes ?? null;
    return free !== null && free < LIMITS.freeBytesFloor;
  }

  /** Whether it must be installed before anything is entrusted to it. */
  readonly forgetsUnlessInstalled: boolean = forgetsUnlessInstalled();

  async refresh(): Promise<void> {
    this.#health = await readStorageHealth();
  }

  /** Asks the browser not to erase anything by itself. Resolves to what it answered. */
  async protect(): Promise<boolean> {
    const isGranted = await askPersistence();
    await this.refresh();
    return isGranted;
  }
}
