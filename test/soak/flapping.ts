import type { Network } from '../support/phone.ts';

/** Requests that a calm and a rough stretch last at most. */
const CALM_REQUESTS = 60;
const ROUGH_REQUESTS = 10;

const MISHAPS = ['lostBefore', 'lostAfter', 'cut', 'twice', 'portal', 'overloaded', 'none'] as const;
type Mishap = (typeof MISHAPS)[number];

/**
 * Makes a network flap as in a valley: calm stretches, then rough ones with requests and answers lost
 * or cut, requests sent twice, a captive portal, an overloaded server. Returns how often each happened.
 */
export function flap(network: Network, chance: () => number): Record<Mishap, number> {
  const happened = Object.fromEntries(MISHAPS.map((mishap) => [mishap, 0])) as Record<Mishap, number>;
  let left = 0;
  let isRough = true;
  network.detours.set('/', (go) => {
    if (left-- <= 0) {
      isRough = !isRough;
      left = Math.floor(chance() * (isRough ? ROUGH_REQUESTS : CALM_REQUESTS));
    }
    const mishap = (isRough && MISHAPS[Math.floor(chance() * MISHAPS.length)]) || 'none';
    happened[mishap] += 1;
    return meet(mishap, go);
  });
  return happened;
}

async function meet(mishap: Mishap, go: () => Promise<Response>): Promise<Response> {
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
      return new Response('', { status: 503 });
    case 'none':
      return go();
  }
}
