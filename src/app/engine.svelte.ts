import type { SessionApi } from '../api/session.ts';
import { type Cache, deleteCache, deleteOtherCaches, openCache } from '../db/cache.ts';
import { onFull, type Relief } from '../db/guard.ts';
import { deviceId } from '../db/meta.ts';
import type { Precious } from '../db/precious.ts';
import { reliefsOf } from '../db/trim.ts';
import { watchConnectivity } from '../device/connectivity.ts';
import { onPageHidden, onPageShown } from '../device/lifecycle.ts';
import { dropSeenPictures } from '../device/seen-pictures.ts';
import type { RunnerReport } from '../sync/report.ts';
import type { Runner } from '../sync/runner.ts';

interface EngineDeps {
  readonly api: SessionApi;
  readonly publishableKey: string;
  readonly precious: Precious;
  readonly publicCache: Cache;
  readonly version: string;
  readonly now: () => Date;
}

/** The copy and the runner of whoever uses the device; they change when the person does. */
export class Engine {
  #deps: EngineDeps;
  #cache = $state.raw<Cache>() as Cache;
  #userId = $state.raw<string | null>(null);
  #runner: Runner | null = null;
  #tell: (report: RunnerReport) => void = () => undefined;

  constructor(deps: EngineDeps) {
    this.#deps = deps;
    this.#cache = deps.publicCache;
    // Work is never refused while there is a copy to let go of.
    onFull(deps.precious, this.#reliefs());
  }

  /** The signed-in user's copy, or the public one. */
  get cache(): Cache {
    return this.#cache;
  }

  /** Who uses the device; null when nobody is signed in. */
  get userId(): string | null {
    return this.#userId;
  }

  /** Whoever listens hears of every runner to come. */
  onReport(tell: (report: RunnerReport) => void): void {
    this.#tell = tell;
  }

  /** Asks for a round now. */
  wake(): void {
    this.#runner?.wake();
  }

  /** Another person, or nobody, uses the device: the copy of who left is deleted, their work stays. */
  async switchTo(userId: string | null): Promise<void> {
    const { publicCache } = this.#deps;
    await this.#runner?.stop();
    this.#runner = null;
    const left = this.#cache;
    this.#cache = userId === null ? publicCache : await openOrReset(userId);
    this.#userId = userId;
    this.#tell({ phase: 'idle', problem: null, lastSuccessAt: null });
    if (left !== publicCache) await deleteCache(left);
    if (userId !== null) await this.#start(userId);
  }

  /** Deletes what other people's sign-outs, cut short, may have left. Call once who is there is known. */
  async dropOthers(): Promise<void> {
    await deleteOtherCaches(this.#cache);
  }

  #reliefs(): Relief[] {
    const { publicCache, precious, now } = this.#deps;
    const copies = () => [...new Set([this.#cache, publicCache])];
    return [dropSeenPictures, ...reliefsOf(copies, precious, now)];
  }

  async #start(userId: string): Promise<void> {
    const { api, publishableKey, precious, version } = this.#deps;
    const sender = { deviceId: await deviceId(precious, () => crypto.randomUUID()), version };
    onFull(this.#cache, this.#reliefs());
    // Who only reads the public map does without the engine.
    const { createRemoteRunner } = await import('../sync/worker/remote-runner.ts');
    if (this.#userId !== userId) return;
    this.#runner = createRemoteRunner(
      { userId, sender, url: api.url, publishableKey },
      {
        open: openWorker,
        token: api.token,
        tell: (report) => this.#tell(report),
        listen: listenToTheWorld,
        isVisible: () => document.visibilityState === 'visible',
      },
    );
  }
}

/** Away from the page's own thread: no screen waits for the engine. */
function openWorker(): Worker {
  return new Worker(new URL('./engine-worker.ts', import.meta.url), { type: 'module' });
}

function listenToTheWorld(wake: () => void, see: (isVisible: boolean) => void): () => void {
  const shown = () => {
    see(true);
    wake();
  };
  const stops = [
    onPageShown(shown),
    onPageHidden(() => see(false)),
    watchConnectivity((isOnline) => isOnline && wake()),
  ];
  return () => stops.forEach((stop) => stop());
}

/** A copy that this version cannot read is dropped and pulled again: nothing in it is precious. */
async function openOrReset(userId: string): Promise<Cache> {
  const cache = openCache(userId);
  try {
    await cache.open();
    return cache;
  } catch {
    await cache.delete();
    return openCache(userId);
  }
}
