import type { Party, PartyPage, Timing } from './party.ts';

/** How often a page looks whether its first point is there. */
const LOOK_MS = 10;
/** A person saves more slowly; a benchmark needs many. */
const SAVE_EVERY_MS = 100;
/** Captures written at once while nothing is measured. */
const STOCK_AT_ONCE = 500;
/** Numbers of the captures saved during a sync: none was made before. */
const FIRST_SAVE = 900_000;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Puts a party where the benchmark calls it. */
export function present(party: Party): void {
  const measure = async (verb: 'push' | 'pull'): Promise<Timing> => {
    const start = performance.now();
    let isDone = false;
    const first = verb === 'pull' ? firstPoint(party, start, () => isDone) : Promise.resolve(Number.NaN);
    await party[verb]();
    const ms = performance.now() - start;
    isDone = true;
    return { ms, firstPointMs: await first, held: await party.held(), saves: [] };
  };
  const page: PartyPage = {
    open: (config) => party.open(config),
    async stock(run, points) {
      for (let from = 0; from < points; from += STOCK_AT_ONCE) {
        await party.stock(run, from, Math.min(from + STOCK_AT_ONCE, points));
      }
    },
    push: () => measure('push'),
    pull: () => measure('pull'),
    async saveDuring(verb, run, limitMs) {
      const start = performance.now();
      let isDone = false;
      const sync = party[verb]().then(() => void (isDone = true));
      const saves: number[] = [];
      while (!isDone && performance.now() - start < limitMs) {
        const from = performance.now();
        await party.save(run, FIRST_SAVE + saves.length);
        saves.push(performance.now() - from);
        await pause(SAVE_EVERY_MS);
      }
      if (isDone) await sync;
      return { ms: performance.now() - start, firstPointMs: Number.NaN, held: 0, saves };
    },
    waiting: () => party.waiting(),
  };
  window.party = page;
}

async function firstPoint(party: Party, start: number, isDone: () => boolean): Promise<number> {
  while (!isDone()) {
    if (await party.isMapUsable()) return performance.now() - start;
    await pause(LOOK_MS);
  }
  return performance.now() - start;
}
