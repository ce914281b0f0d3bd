import { type Mutation } from '../../../src/domain/mutation.ts';
import type { JsonRecord } from '../../../src/domain/json.ts';
import type { Geom } from '../../../src/domain/point.ts';
import { Network, type Phone } from '../../support/phone.ts';
import { type Lifetime, makeMortal } from './mortal.ts';
import { Road } from './road.ts';

/** What a person saw and wrote when the phone said "saved". */
export interface Said {
  readonly id: string;
  readonly hand: Hand;
  readonly pointId: string;
  readonly kind: Mutation['kind'];
  /** Values before, by path, as the screen showed them. */
  saw: JsonRecord;
  isDiscarded: boolean;
  /** Place in local order; null once the person asked for another. */
  order: number | null;
}

/** A phone in somebody's hand: it may be killed at any write. */
export class Hand {
  readonly phone: Phone;
  readonly #cast: Cast;
  #lifetime: Lifetime = { writes: Infinity };
  clockErrorMs = 0;

  constructor(cast: Cast, phone: Phone) {
    this.#cast = cast;
    this.phone = phone;
    phone.clock = () => new Date(Date.now() + cast.waitedMs + this.clockErrorMs);
    this.reopen();
  }

  /** The app dies after so many more durable writes. */
  dieAfter(writes: number): void {
    this.#lifetime.writes = writes;
  }

  get isDead(): boolean {
    return this.#lifetime.writes < 0;
  }

  /** Kills what runs and opens the app again: what is on the disk is all that is left. */
  reopen(): void {
    this.#lifetime.writes = -1;
    this.phone.network.isUp = false;
    this.phone.network = new Network(this.#cast.fetch);
    this.#cast.road.carry(this.phone.network);
    this.phone.restart();
    this.#lifetime = { writes: Infinity };
    makeMortal(this.phone.ctx.precious, this.#lifetime);
    makeMortal(this.phone.ctx.cache, this.#lifetime);
  }
}

/** Who plays: phones in hands, the road to a server, and what everybody was told is saved. */
export abstract class Cast {
  readonly road = new Road();
  readonly said = new Map<string, Said>();
  /** Photos that their author gave up. */
  readonly discardedPhotos = new Set<string>();
  waitedMs = 0;
  hands: readonly Hand[] = [];
  /** Whether the moderator's territories are no longer everything. */
  isReassigned = false;

  /** Where people capture. */
  abstract readonly places: readonly Geom[];
  /** How requests travel where the road leads. */
  abstract readonly fetch: typeof fetch;
  /** Where the moderator decides: everywhere, in a part, nowhere. */
  abstract setTerritories(extent: Extent): Promise<void>;
  /** Backs the server up, where it can be. */
  abstract backUp(): void;
  /** Puts the backup back, in another life of the server. */
  abstract restore(): void;

  hand(index: number): Hand {
    return this.hands[index % this.hands.length] as Hand;
  }

  /** Remembers what a phone said was saved. A joined edit goes under the id of the first. */
  keep(said: Omit<Said, 'isDiscarded' | 'order'>): void {
    const first = this.said.get(said.id);
    if (first) first.saw = { ...said.saw, ...first.saw };
    else this.said.set(said.id, { ...said, isDiscarded: false, order: this.said.size });
  }
}

export type Extent = 'everywhere' | 'here' | 'nowhere';
