import type { Network } from '../support/phone.ts';

/** One request in so many meets each mishap, while the network is up. */
const MISHAPS = { lostBefore: 0.03, lostAfter: 0.03, cut: 0.02, twice: 0.02, portal: 0.01, overloaded: 0.01 };
/** Requests that an outage lasts at most, and how often one begins. */
const OUTAGE_REQUESTS = 8;
const OUTAGE_CHANCE = 0.01;

/**
 * Makes a network flap as in a valley: outages, answers lost or cut, requests sent twice, a captive
 * portal, an overloaded server. Returns how often each happened.
 */
export function flap(network: Network, chance: () => number): Record<string, number> {
  const happened: Record<string, number> = {};
  const note = (what: string) => (happened[what] = (happened[what] ?? 0) + 1);
  let outage = 0;
  network.detours.set('/', async (go) => {
    if (outage === 0 && chance() < OUTAGE_CHANCE) outage = 1 + Math.floor(chance() * OUTAGE_REQUESTS);
    if (outage > 0) {
      outage -= 1;
      note('outage');
      throw new TypeError('network is down');
    }
    let draw = chance();
    const mishap = Object.entries(MISHAPS).find(([, share]) => (draw -= share) < 0)?.[0] ?? 'none';
    note(mishap);
    switch (mishap) {
      case 'lostBefore':
        throw new TypeError('lost on the way');
      case 'lostAfter':
        await (await go()).text();
        throw new TypeError('the answer was lost');
      case 'cut': {
        const answer = await go();
        const text = await answer.text();
        return new Response(text.slice(0, Math.floor(text.length / 2)), { status: answer.status });
      }
      case 'twice':
        await (await go()).text();
        return go();
      case 'portal':
        return new Response('<html>Bienvenue sur le Wi-Fi</html>', { status: 200 });
      case 'overloaded':
        return new Response('', { status: chance() < 0.5 ? 503 : 429 });
      default:
        return go();
    }
  });
  return happened;
}
