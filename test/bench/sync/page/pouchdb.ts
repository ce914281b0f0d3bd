import PouchDB from 'pouchdb-browser';

import { captureOf } from '../records.ts';
import { present } from './page.ts';
import type { Party, PartyConfig } from './party.ts';

/** PouchDB as its documentation sets it up: IndexedDB, batches of 100, ten of them ahead. */
class Pouch implements Party {
  readonly #store = new PouchDB('points');
  #url = '';
  #isPersistent = false;

  async open({ url, database, isPersistent }: PartyConfig): Promise<void> {
    this.#url = `${url}/${database}`;
    this.#isPersistent = isPersistent;
    await this.#store.allDocs({ limit: 1 });
    await fetch(this.#url);
  }

  async stock(run: number, from: number, to: number): Promise<void> {
    await this.#store.bulkDocs(Array.from({ length: to - from }, (_, index) => docOf(run, from + index)));
  }

  async save(run: number, n: number): Promise<void> {
    await this.#store.put(docOf(run, n));
  }

  push(): Promise<void> {
    return this.#insist(() => this.#store.replicate.to(this.#url));
  }

  pull(): Promise<void> {
    return this.#insist(() => this.#store.replicate.from(this.#url));
  }

  async #insist(replicate: () => Promise<unknown>): Promise<void> {
    for (;;) {
      try {
        await replicate();
        return;
      } catch (cause) {
        if (!this.#isPersistent) throw cause;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }

  /** It keeps no list: a push that resolved has sent everything. */
  waiting(): Promise<number> {
    return Promise.resolve(0);
  }

  async isMapUsable(): Promise<boolean> {
    return (await this.#store.allDocs({ limit: 1 })).rows.length > 0;
  }

  async held(): Promise<number> {
    return (await this.#store.allDocs({ limit: 0 })).total_rows;
  }
}

function docOf(run: number, n: number): object {
  const { id, ...record } = captureOf(run, n);
  return { _id: id, ...record };
}

present(new Pouch());
