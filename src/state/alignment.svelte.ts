import { type AlignmentDeed, type Alignments, fetchAlignments } from '../api/alignments.ts';
import type { Api } from '../api/client.ts';
import type { Concept } from '../domain/concept.ts';
import { type Problem, problemOf } from '../domain/problems.ts';
import {
  type Aligned,
  type Aligner,
  alignerSteps,
  alignValue,
  type AlignValue,
} from '../domain/thesaurus/align.ts';
import {
  type AlignCoverage,
  type AlignStand,
  coverageOf,
  standOf,
} from '../domain/thesaurus/align-coverage.ts';
import { DecidedBefore } from '../domain/thesaurus/align-decided.ts';
import { fold } from '../domain/thesaurus/fold.ts';
import { AlignmentDrafts } from './alignment-draft.ts';
import { AlignmentOutbox } from './alignment-outbox.svelte.ts';
import { inSlices } from './in-slices.ts';
import type { PreferenceStore } from './preferences.svelte.ts';

/** A value and where it stands. */
export interface AlignRow extends Aligned {
  readonly stand: AlignStand;
}

interface Deps {
  readonly api: Api;
  readonly scheme: string;
  readonly userId: string;
  /** All concepts of this device; those of the scheme are read when a source is opened. */
  readonly concepts: () => Iterable<Concept>;
  readonly store: PreferenceStore | null;
}

/** The values of one database on their way to concepts: a decision is shown at once, kept on this device, and sent. */
export class Alignment {
  #deps: Deps;
  #drafts: AlignmentDrafts;
  #source = $state('');
  #values: readonly AlignValue[] = [];
  #rows = $state.raw<readonly AlignRow[] | null>(null);
  #known = $state.raw<Alignments['sources']>([]);
  #problem = $state.raw<Problem | null>(null);
  #isBusy = $state(false);
  #isLeft = $state(false);
  #outbox: AlignmentOutbox;
  #proposed = new Set<string>();
  #aligner: Aligner | null = null;
  #before: DecidedBefore | null = null;

  readonly coverage: AlignCoverage = $derived.by(() => coverageOf(this.#rows ?? []));

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#drafts = new AlignmentDrafts(deps.store, deps.userId, deps.scheme);
    this.#outbox = new AlignmentOutbox({
      api: deps.api,
      scheme: deps.scheme,
      source: () => this.#source,
      wordOf: (text) => ({
        text,
        lang: 'fr',
        count: this.#rows?.find(({ value }) => value === text)?.count ?? 1,
      }),
      onSent: () => this.#keep(),
    });
  }

  get source(): string {
    return this.#source;
  }

  /** Null until a source is opened. */
  get rows(): readonly AlignRow[] | null {
    return this.#rows;
  }

  /** Sources aligned before, the latest first. */
  get known(): Alignments['sources'] {
    return this.#known;
  }

  get problem(): Problem | null {
    return this.#problem ?? this.#outbox.problem;
  }

  /** Whether a source left on this device is not read yet: another one may not be opened over what waits. */
  get isResuming(): boolean {
    return this.#rows === null && this.#isLeft;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** How many decisions and words wait on this device. */
  get unsent(): number {
    return this.#outbox.count;
  }

  /** Reads which sources there are, and goes on where this device was left. Never throws: see `problem`. */
  async resume(): Promise<void> {
    const draft = this.#drafts.read();
    this.#isLeft = draft !== null;
    if (draft) {
      this.#outbox.fill(draft.unsent, draft.unsentWords);
      await this.open(draft.source, draft.values);
      return;
    }
    await this.#try(async () => {
      this.#known = (await fetchAlignments(this.#deps.api, this.#deps.scheme)).sources;
    });
  }

  /** Opens the values of a source, with what was decided of them before. Never throws: see `problem`. */
  async open(source: string, values: readonly AlignValue[]): Promise<void> {
    const name = source.trim();
    await this.#try(async () => {
      const found = await fetchAlignments(this.#deps.api, this.#deps.scheme, name);
      const concepts = [...this.#deps.concepts()].filter((one) => one.scheme === this.#deps.scheme);
      this.#aligner = await inSlices(alignerSteps(concepts));
      this.#before = new DecidedBefore(found.decisions, name, this.#aligner.thesaurus);
      for (const deed of this.#outbox.deeds) this.#note(deed, name);
      const waiting = found.words.filter(({ state }) => state === 'proposed').map(({ text }) => text);
      this.#proposed = new Set([...waiting, ...this.#outbox.words].map(fold));
      for (const { text, concept } of found.words) this.#noteAnswer(text, concept, name);
      this.#known = found.sources;
      const rows = await inSlices(this.#align(values));
      [this.#source, this.#values] = [name, values];
      this.#rows = rows;
      this.#keep();
    });
    if (this.#rows && this.unsent > 0) await this.send();
  }

  /** Leaves the source: another may be opened. What waits is sent first, or stays. */
  async leave(): Promise<boolean> {
    await this.send();
    if (this.unsent > 0) return false;
    this.#drafts.write(null);
    this.#rows = null;
    this.#source = '';
    await this.resume();
    return true;
  }

  /** Decides on values; answers how to take it back. */
  decide(decisions: readonly { readonly value: string; readonly concept: string | null }[]): () => void {
    const back = decisions.map(({ value }) => this.#deedOf(value));
    this.#do(decisions);
    return () => this.#do(back);
  }

  /** Takes a decision back: the value is to do again. */
  reopen(value: string): void {
    // Other spellings of it were decided with it.
    const spellings = new Set([value, ...(this.#before?.spellingsOf(value) ?? [])]);
    this.#do([...spellings].map((one) => ({ value: one, forget: true as const })));
  }

  /** Takes what is sure; answers how many, and how to take it back. */
  acceptSure(): { readonly count: number; readonly undo: () => void } {
    const sure = (this.#rows ?? []).filter(({ stand }) => stand === 'sure');
    const taken = sure.flatMap(({ value, suggestions: [first] }) =>
      first ? [{ value, concept: first.concept.id }] : [],
    );
    return { count: taken.length, undo: this.decide(taken) };
  }

  /** Proposes the word of a value to whoever looks after the vocabulary. */
  propose(value: string): void {
    this.#proposed.add(fold(value));
    this.#outbox.addWord(value);
    this.#refresh(new Set([fold(value)]));
  }

  /** Sends what waits. Never throws: see `problem`. */
  send(): Promise<void> {
    return this.#outbox.send();
  }

  #do(deeds: readonly AlignmentDeed[]): void {
    this.#outbox.add(deeds);
    for (const deed of deeds) this.#note(deed, this.#source);
    this.#refresh(new Set(deeds.map(({ value }) => fold(value))));
  }

  /** Reads again the values that a deed may have changed, keeps what is new, and sends it. */
  #refresh(folded: ReadonlySet<string>): void {
    this.#rows = (this.#rows ?? []).map((row) => (folded.has(fold(row.value)) ? this.#rowOf(row) : row));
    this.#keep();
    void this.send();
  }

  #note(deed: AlignmentDeed, source: string): void {
    if ('forget' in deed) this.#before?.forget(deed.value);
    else this.#before?.note({ source, value: deed.value, concept: deed.concept });
  }

  /** A word that became a term, or another name of one, decides for its value unless somebody did. */
  #noteAnswer(value: string, concept: string | null, source: string): void {
    if (concept && this.#before?.of(value).own === undefined) this.#before?.note({ source, value, concept });
  }

  /** What would put a value back as it is now. */
  #deedOf(value: string): AlignmentDeed {
    const own = this.#before?.of(value).own;
    return own === undefined ? { value, forget: true } : { value, concept: own?.id ?? null };
  }

  #rowOf(value: AlignValue): AlignRow {
    const aligned = alignValue(this.#aligner as Aligner, value, this.#before as DecidedBefore);
    return { ...aligned, stand: standOf(aligned, this.#proposed.has(fold(value.value))) };
  }

  *#align(values: readonly AlignValue[]): Generator<undefined, AlignRow[], undefined> {
    const rows: AlignRow[] = [];
    for (const value of values) {
      rows.push(this.#rowOf(value));
      yield;
    }
    return rows;
  }

  #keep(): void {
    this.#drafts.write({
      source: this.#source,
      values: this.#values,
      unsent: this.#outbox.deeds,
      unsentWords: this.#outbox.words,
    });
  }

  async #try(work: () => Promise<void>): Promise<void> {
    this.#isBusy = true;
    try {
      await work();
      this.#problem = null;
    } catch (cause) {
      this.#problem = problemOf(cause);
    } finally {
      this.#isBusy = false;
    }
  }
}
