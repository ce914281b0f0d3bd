import type { Mutant } from './mutants.ts';
import { Network } from './network.ts';
import { Phone } from './phone.ts';
import { Server } from './server.ts';
import type { Save, User } from './state.ts';
import { Tab } from './tab.ts';

export interface WorldOptions {
  readonly mutant: Mutant | null;
  /** Who holds each phone; somebody may have two. */
  readonly users: readonly User[];
  /** Whether browsers have Web Locks: without, two tabs may send at once. */
  readonly hasLocks: boolean;
  /** Most mutations of a push, rows of a pull and of a snapshot page. */
  readonly batch: number;
  readonly page: number;
}

/** Three phones, one server, the roads between them, and a clock that the test holds. */
export class World {
  readonly options: WorldOptions;
  readonly server: Server;
  readonly network = new Network();
  readonly phones: readonly Phone[];
  readonly tabs: readonly (readonly Tab[])[];
  /** Every save that a person was told of, by the id under which it leaves. */
  readonly saves = new Map<string, Save>();
  /** Photos that their author gave up. */
  readonly discardedPhotos = new Set<string>();
  /** Mutation that makes the server fail whatever surrounds it. */
  poison: string | null = null;
  now = Date.UTC(2026, 4, 2);
  #made = 0;
  #isPoisonNext = false;

  constructor(options: WorldOptions) {
    this.options = options;
    this.server = new Server(options.mutant);
    this.phones = options.users.map((user, index) => new Phone(index, user));
    this.tabs = this.phones.map((phone) => [new Tab(this, phone), new Tab(this, phone)]);
  }

  get mutant(): Mutant | null {
    return this.options.mutant;
  }

  /** The hour that a phone believes. */
  hourOf(phone: Phone): number {
    return this.now + phone.clockError;
  }

  /** An id that carries the phone's hour, as UUIDv7 do. */
  newId(phone: Phone): string {
    this.#made += 1;
    return `${String(this.hourOf(phone)).padStart(15, '0')}-${String(this.#made).padStart(4, '0')}`;
  }

  /** The next thing that somebody saves makes the server fail. */
  poisonNext(): void {
    if (this.poison === null) this.#isPoisonNext = true;
  }

  /** Remembers what a person was told is saved. */
  keep(save: Save): void {
    if (this.#isPoisonNext) this.poison = save.id;
    this.#isPoisonNext = false;
    this.saves.set(save.id, save);
  }

  /** A backup is put back. */
  restore(): void {
    this.server.restore();
  }

  /** The app is killed: what its tabs had in memory is gone. */
  kill(phone: number): void {
    for (const tab of this.tabs[phone] ?? []) tab.close();
  }

  /** Whether this tab may start a round: one at a time where there are locks. */
  mayStart(tab: Tab): boolean {
    if (!this.options.hasLocks) return true;
    return !this.tabs[tab.phone.index]?.some((other) => other !== tab && other.isBusy);
  }
}
