import { type AlignmentDeed, proposeWords, sendAlignments, type WordOfSource } from '../api/alignments.ts';
import type { Api } from '../api/client.ts';
import { type Problem, problemOf } from '../domain/problems.ts';

/** As many as the server takes at once. */
const DEEDS_AT_ONCE = 1000;
const WORDS_AT_ONCE = 200;

interface Deps {
  readonly api: Api;
  readonly scheme: string;
  readonly source: () => string;
  readonly wordOf: (text: string) => WordOfSource;
  /** Called each time that less waits. */
  readonly onSent: () => void;
}

/** What was decided and the server does not have yet, in the order in which it was. */
export class AlignmentOutbox {
  #deps: Deps;
  #deeds = $state.raw<readonly AlignmentDeed[]>([]);
  #words = $state.raw<readonly string[]>([]);
  #problem = $state.raw<Problem | null>(null);
  #sending: Promise<void> = Promise.resolve();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  get deeds(): readonly AlignmentDeed[] {
    return this.#deeds;
  }

  get words(): readonly string[] {
    return this.#words;
  }

  get count(): number {
    return this.#deeds.length + this.#words.length;
  }

  /** Why the last sending failed. */
  get problem(): Problem | null {
    return this.#problem;
  }

  /** Takes what a former visit left. */
  fill(deeds: readonly AlignmentDeed[], words: readonly string[]): void {
    [this.#deeds, this.#words] = [deeds, words];
  }

  /** Of one value, only what was decided last leaves. */
  add(deeds: readonly AlignmentDeed[]): void {
    const decided = new Set(deeds.map(({ value }) => value));
    this.#deeds = [...this.#deeds.filter(({ value }) => !decided.has(value)), ...deeds];
  }

  addWord(text: string): void {
    this.#words = [...this.#words, text];
  }

  /** Sends what waits. One call at a time: an older decision must not arrive after a newer one. Never throws. */
  send(): Promise<void> {
    this.#sending = this.#sending.then(() => this.#sendAll());
    return this.#sending;
  }

  async #sendAll(): Promise<void> {
    const { api, scheme, source, wordOf, onSent } = this.#deps;
    try {
      while (this.#deeds.length > 0) {
        const batch = this.#deeds.slice(0, DEEDS_AT_ONCE);
        await sendAlignments(api, scheme, source(), batch);
        this.#deeds = this.#deeds.filter((deed) => !batch.includes(deed));
        onSent();
      }
      while (this.#words.length > 0) {
        const batch = this.#words.slice(0, WORDS_AT_ONCE);
        await proposeWords(api, scheme, source(), batch.map(wordOf));
        this.#words = this.#words.filter((word) => !batch.includes(word));
        onSent();
      }
      this.#problem = null;
    } catch (cause) {
      this.#problem = problemOf(cause);
    }
  }
}
