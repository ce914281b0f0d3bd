import type { Detour, Network } from '../../support/phone.ts';

/** What may happen to a request of the real engine, or to its answer. */
export const MISHAPS = [
  'ok',
  'dropped_before',
  'dropped_after',
  'doubled',
  'held_back',
  'delayed',
  'cut',
  'portal',
  'forbidden',
  'request_timeout',
  'too_large',
  'too_many',
  'broken',
  'gateway_timeout',
] as const;
export type Mishap = (typeof MISHAPS)[number];

const PARTS = ['/rest/v1/rpc/', '/functions/v1/', '/storage/v1/'];

const page = (status: number) => new Response('<html>Bienvenue</html>', { status });

/** Requests that reach the server long after the phone gave them up. */
export class Road {
  readonly held: (() => Promise<unknown>)[] = [];
  #mishaps: readonly Mishap[] = ['ok'];
  #sent = 0;

  /** What the next requests meet, in turn. */
  meet(mishaps: readonly Mishap[]): void {
    this.#mishaps = mishaps;
    this.#sent = 0;
  }

  /** Has a phone's network lead over this road. Signing in goes straight. */
  carry(network: Network): void {
    for (const part of PARTS) network.detours.set(part, (go) => this.#carry(go));
  }

  /** One of the requests held back arrives. */
  async deliver(index: number): Promise<void> {
    const [go] = this.held.splice(index % Math.max(this.held.length, 1), 1);
    await go?.().catch(() => undefined);
  }

  #carry: (go: Parameters<Detour>[0]) => Promise<Response> = async (go) => {
    const mishap = this.#mishaps[this.#sent++ % this.#mishaps.length] ?? 'ok';
    switch (mishap) {
      case 'ok':
        return go();
      case 'dropped_before':
        throw new TypeError('dropped before');
      case 'dropped_after':
        await go();
        throw new TypeError('dropped after');
      case 'doubled':
        return (await Promise.all([go(), go()]))[1];
      case 'held_back':
        this.held.push(go);
        throw new TypeError('held back');
      case 'delayed':
        // The others of the round go first.
        await new Promise((resolve) => setTimeout(resolve, 30));
        return go();
      case 'cut': {
        const text = await (await go()).text();
        return new Response(text.slice(0, text.length / 2));
      }
      case 'portal':
        return page(200);
      case 'forbidden':
        return page(403);
      case 'request_timeout':
        return page(408);
      case 'too_large':
        return page(413);
      case 'too_many':
        return page(429);
      case 'broken':
        return page(500);
      case 'gateway_timeout':
        await go();
        return page(504);
    }
  };
}
