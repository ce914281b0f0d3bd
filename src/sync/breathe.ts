import { LIMITS } from '../domain/limits.ts';

let savesUnderWay = 0;
let whenSaved: (() => void)[] = [];
let lastTurn = 0;

/** Does what a person waits for. Until it is done the engine begins nothing new on this thread. */
export async function before<T>(work: () => Promise<T>): Promise<T> {
  savesUnderWay += 1;
  try {
    return await work();
  } finally {
    savesUnderWay -= 1;
    if (savesUnderWay === 0) {
      for (const go of whenSaved) go();
      whenSaved = [];
    }
  }
}

/**
 * To await between two pieces of work, never inside a transaction: lets the screen and the stores
 * have their turn when the last one is some time ago, and waits while a person's save is under way.
 */
export async function breathe(): Promise<void> {
  if (performance.now() - lastTurn > LIMITS.breathMs) {
    await turn();
    lastTurn = performance.now();
  }
  while (savesUnderWay > 0) await new Promise<void>((resolve) => whenSaved.push(resolve));
}

/** The next turn of the event loop; a timer would wait four milliseconds more. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
