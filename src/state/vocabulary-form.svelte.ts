import { type Problem, problemOf } from '../domain/problems.ts';
import {
  changesOf,
  type FieldConflict,
  fieldsOf,
  rebase,
  type TermFields,
} from '../domain/thesaurus/fields.ts';
import { namesakes, type Namesake } from '../domain/thesaurus/namesakes.ts';
import { type FieldFault, fieldFaults } from '../domain/thesaurus/operations.ts';
import type { EditOutcome, VocabularyDesk } from './vocabulary-desk.svelte.ts';

type FormDesk = Pick<VocabularyDesk, 'terms' | 'edit' | 'load'>;

/** One term being edited: what was seen, what is typed, and what somebody else wrote meanwhile. */
export class VocabularyForm {
  readonly id: string;
  #desk: FormDesk;
  #seen = $state.raw<TermFields>({});
  #typed = $state.raw<TermFields>({});
  #conflicts = $state.raw<readonly FieldConflict[]>([]);
  #taken = $state.raw<readonly string[]>([]);
  #problem = $state.raw<Problem | null>(null);
  #isBusy = $state(false);

  readonly changes = $derived.by(() => changesOf(this.#seen, this.#typed));
  readonly faults: readonly FieldFault[] = $derived.by(() => fieldFaults(this.#typed));
  /** Names that another term has already, but for case and accents. */
  readonly namesakes: readonly Namesake[] = $derived.by(() =>
    namesakes(this.#desk.terms, this.#typed, this.id),
  );

  constructor(desk: FormDesk, id: string) {
    this.#desk = desk;
    this.id = id;
    const term = desk.terms.get(id);
    if (term) this.#seen = this.#typed = fieldsOf(term);
  }

  get typed(): TermFields {
    return this.#typed;
  }

  get isChanged(): boolean {
    return Object.keys(this.changes).length > 0;
  }

  /** Texts that somebody else changed too: each waits for a choice. */
  get conflicts(): readonly FieldConflict[] {
    return this.#conflicts;
  }

  /** Paths that somebody else changed and that were taken over. */
  get taken(): readonly string[] {
    return this.#taken;
  }

  /** Why the last save failed; null when it did not. */
  get problem(): Problem | null {
    return this.#problem;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  set(path: string, value: string | readonly string[]): void {
    this.#typed = { ...this.#typed, [path]: value };
  }

  /** Settles a conflict: with what was typed, or with what is there now. */
  choose(path: string, keep: 'mine' | 'now'): void {
    const conflict = this.#conflicts.find((one) => one.path === path);
    if (!conflict) return;
    if (keep === 'now') this.set(path, conflict.now);
    this.#conflicts = this.#conflicts.filter((one) => one !== conflict);
  }

  /**
   * Sends what changed; null where it was not written: see `conflicts` and `problem`. What was typed stays, and the same
   * save again is one edit.
   */
  async save(note = ''): Promise<EditOutcome | null> {
    const isBlocked = this.#conflicts.length > 0 || this.faults.length > 0;
    if (this.#isBusy || isBlocked || !this.isChanged) return null;
    this.#isBusy = true;
    this.#problem = null;
    try {
      return await this.#desk.edit({ action: 'change', concept: this.id, fields: this.changes }, note);
    } catch (cause) {
      this.#problem = problemOf(cause);
      if (this.#problem.code === 'concept_moved') await this.#catchUp();
      return null;
    } finally {
      this.#isBusy = false;
    }
  }

  /** Reads what the term has become, and carries what was typed over to it. */
  async #catchUp(): Promise<void> {
    await this.#desk.load();
    const term = this.#desk.terms.get(this.id);
    if (!term) return;
    const now = fieldsOf(term);
    const { typed, conflicts, taken } = rebase(this.#seen, this.#typed, now);
    this.#seen = now;
    this.#typed = typed;
    this.#conflicts = conflicts;
    this.#taken = taken;
  }
}
