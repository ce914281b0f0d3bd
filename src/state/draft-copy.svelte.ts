import { withStore } from '../db/guard.ts';
import type { Precious } from '../db/precious.ts';
import type { Draft } from '../domain/draft.ts';
import { mergeDrafts } from '../domain/draft-merge.ts';
import { LIMITS } from '../domain/limits.ts';
import { type Problem, problemOf } from '../domain/problems.ts';
import { saveOver, seenAgain } from './draft-windows.ts';

/** `kept`: all is in the database. `keeping`: a change waits 300 ms. `failed`: see `problem`. */
export type Keeping = 'kept' | 'keeping' | 'failed';

interface CopyTools {
  readonly precious: Precious;
  readonly now: () => Date;
  /** Another window has written the draft, and its part is in it now. */
  readonly onOther: () => Promise<void>;
}

/** A draft on the screen and the one in the database, kept alike; another window may write that one too. */
export class DraftCopy {
  #tools: CopyTools;
  #draft = $state.raw<Draft>() as Draft;
  #keeping = $state<Keeping>('kept');
  #problem = $state.raw<Problem | null>(null);
  #isFinishedElsewhere = $state(false);
  /** As it was last read from the database, or written there. */
  #kept: Draft;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isClosed = false;
  /** The draft is leaving: written once more beside that, it would stay behind. */
  #isLeaving = false;

  constructor(draft: Draft, tools: CopyTools) {
    this.#draft = draft;
    this.#kept = draft;
    this.#tools = tools;
  }

  get draft(): Draft {
    return this.#draft;
  }

  get keeping(): Keeping {
    return this.#keeping;
  }

  get problem(): Problem | null {
    return this.#problem;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get isFinishedElsewhere(): boolean {
    return this.#isFinishedElsewhere;
  }

  /** Changes it on the screen at once, in the database within 300 ms. */
  change(changes: Partial<Draft>): void {
    if (this.#isClosed) return;
    this.#draft = { ...this.#draft, ...changes, updated_at: this.#tools.now().toISOString() };
    this.#keeping = 'keeping';
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.keep(), LIMITS.autosaveMs);
  }

  changeNow(changes: Partial<Draft>): Promise<void> {
    this.change(changes);
    return this.keep();
  }

  /** Writes what has changed, now. */
  async keep(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#isClosed || this.#isLeaving || this.#keeping === 'kept') return this.#writing;
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  /** Takes over what another window has written meanwhile. */
  async catchUp(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#readAgain());
    return this.#writing;
  }

  /** Nothing is written any more, for it leaves. Resolves with what is in the database. */
  async hold(): Promise<Draft> {
    clearTimeout(this.#timer);
    await this.#writing;
    this.#isLeaving = true;
    return this.#kept;
  }

  /** It could not leave. */
  release(): void {
    this.#isLeaving = false;
  }

  tellFailure(cause: unknown): void {
    this.#problem = problemOf(cause);
    this.#keeping = 'failed';
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  async #write(): Promise<void> {
    const { precious, onOther } = this.#tools;
    // What is on the screen by now: a write before this one may have brought more.
    const draft = this.#draft;
    try {
      const there = await withStore(precious, () => saveOver(precious, this.#kept, draft));
      this.#takeOver(draft, there);
      if (there && there !== draft) await onOther();
    } catch (cause) {
      this.tellFailure(cause);
    }
  }

  async #readAgain(): Promise<void> {
    if (this.#isClosed || this.#isLeaving || this.#keeping === 'failed') return;
    const { precious, onOther } = this.#tools;
    const before = this.#kept;
    const there = await withStore(precious, () => seenAgain(precious, before)).catch(() => before);
    if (there === before) return;
    this.#takeOver(before, there);
    if (there) await onOther();
  }

  /** `there`, in the database, was made from `draft`; what is said here since stays over it. */
  #takeOver(draft: Draft, there: Draft | null): void {
    if (!there) {
      this.#isFinishedElsewhere = true;
      this.#keeping = 'failed';
      this.close();
      return;
    }
    const isAll = this.#keeping === 'kept' || this.#draft === draft;
    if (there !== draft) this.#draft = mergeDrafts(draft, this.#draft, there);
    this.#kept = there;
    this.#problem = null;
    this.#keeping = isAll ? 'kept' : 'keeping';
  }
}
