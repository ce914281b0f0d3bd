import { openDoor } from '../../api/client.ts';
import { openCache, PUBLIC_CACHE } from '../../db/cache.ts';
import { onFull } from '../../db/guard.ts';
import { openPrecious } from '../../db/precious.ts';
import { reliefsOf } from '../../db/trim.ts';
import { isCutOff } from '../../device/connectivity.ts';
import { dropSeenPictures } from '../../device/seen-pictures.ts';
import { readFreeBytes } from '../../device/storage.ts';
import { createRunner, type Runner } from '../runner.ts';
import { askTokens } from './ask-tokens.ts';
import type { EngineOrder, FromEngine, Line, ToEngine } from './protocol.ts';

/**
 * The engine's end of the line: runs the sync of one person, on connections of its own to the two
 * databases, from `start` to `stop`. What it writes and what the page writes reach each other
 * through the databases. It holds no session: the page is asked for a token at each call.
 */
export function serveEngine(page: Line<FromEngine>): void {
  let isVisible = true;
  let running: { runner: Runner; close: () => void } | null = null;
  const tokens = askTokens(page);

  const start = (order: EngineOrder) => {
    const precious = openPrecious();
    const cache = openCache(order.userId);
    const publicCache = openCache(PUBLIC_CACHE);
    const now = () => new Date();
    const reliefs = [dropSeenPictures, ...reliefsOf(() => [cache, publicCache], precious, now)];
    for (const store of [precious, cache]) onFull(store, reliefs);
    const { userId, sender, url, publishableKey } = order;
    const api = openDoor({ url, publishableKey, token: tokens.ask });
    const runner = createRunner(
      {
        ...{ precious, cache, api, userId, sender, now },
        chance: Math.random,
        isRoadDoubtful: isCutOff,
        freeBytes: readFreeBytes,
      },
      { tell: (report) => page.postMessage({ type: 'report', report }), isVisible: () => isVisible },
    );
    return { runner, close: () => [precious, cache, publicCache].forEach((store) => store.close()) };
  };

  const stop = async () => {
    await running?.runner.stop();
    // Whoever leaves has their copy deleted next: nothing here may hold it open.
    running?.close();
    page.postMessage({ type: 'stopped' });
  };

  page.addEventListener('message', ({ data }: MessageEvent<ToEngine>) => {
    switch (data.type) {
      case 'start':
        isVisible = data.isVisible;
        running ??= start(data.order);
        break;
      case 'wake':
        running?.runner.wake();
        break;
      case 'visibility':
        isVisible = data.isVisible;
        break;
      case 'token':
      case 'no_token':
        tokens.take(data);
        return;
      case 'stop':
        void stop();
        return;
    }
    page.postMessage({ type: 'heard' });
  });
}
