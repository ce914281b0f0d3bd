import type { Api } from '../api/client.ts';
import {
  answerProposal,
  decideEdit,
  type EditOutcome,
  fetchTerms,
  fetchTermUses,
  fetchVocabularyState,
  type ProposalAnswer,
  type ProposalOutcome,
  sendEdit,
  type TermUses,
  undoEdit,
  type VocabularyEdit,
  type VocabularyState,
  type WordProposal,
} from '../api/vocabulary.ts';
import type { Language } from '../domain/language.ts';
import { type Problem, problemOf } from '../domain/problems.ts';
import type { DeskConcept, DeskTerms } from '../domain/thesaurus/desk-concept.ts';
import type { TermAction } from '../domain/thesaurus/operations.ts';
import type { ConceptHit } from '../domain/thesaurus/search.ts';
import { TermSearch } from './term-search.ts';

export type {
  EditOutcome,
  ProposalAnswer,
  TermUses,
  VocabularyEdit,
  WordProposal,
} from '../api/vocabulary.ts';

interface Deps {
  readonly api: Api;
  readonly scheme: string;
  readonly language: () => Language;
  /** A random UUID. */
  readonly newId: () => string;
}

const NOTHING: DeskTerms = new Map();

/** A vocabulary being edited, as the server has it: read fresh, and after each edit what that one changed. */
export class VocabularyDesk {
  #deps: Deps;
  #terms = $state.raw<DeskTerms>(NOTHING);
  #state = $state.raw<VocabularyState | null>(null);
  #problem = $state.raw<Problem | null>(null);
  #search: TermSearch;
  /** Ids of edits of which no answer came, by what they say: sent again they are the same edit. */
  #attempts = new Map<string, string>();

  /** Edits on which the coordination has not decided, by the terms they touch. */
  readonly proposedOn: ReadonlyMap<string, readonly VocabularyEdit[]> = $derived.by(() => {
    const found = new Map<string, VocabularyEdit[]>();
    for (const edit of this.edits) {
      if (edit.state !== 'proposed') continue;
      const ids = new Set([...edit.concepts, ...(edit.concept ? [edit.concept] : [])]);
      for (const id of ids) found.set(id, [...(found.get(id) ?? []), edit]);
    }
    return found;
  });

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#search = new TermSearch(() => this.#terms, deps.language);
  }

  get scheme(): string {
    return this.#deps.scheme;
  }

  /** Whether the server told once what there is. */
  get isReady(): boolean {
    return this.#state !== null;
  }

  /** Why what is there could not be read. */
  get problem(): Problem | null {
    return this.#problem;
  }

  get terms(): DeskTerms {
    return this.#terms;
  }

  /** Whether edits hold at once; else the coordination decides on them. */
  get decides(): boolean {
    return this.#state?.role === 'decide';
  }

  /** The journal, the latest first. */
  get edits(): readonly VocabularyEdit[] {
    return this.#state?.edits ?? [];
  }

  get proposals(): readonly WordProposal[] {
    return this.#state?.proposals ?? [];
  }

  /** Number of the last version; 0 before the first. */
  get lastRelease(): number {
    return this.#state?.last_release ?? 0;
  }

  /** Whether points are still on their way to another term. */
  get isMovingPoints(): boolean {
    return this.edits.some(({ remap }) => remap?.until);
  }

  /** Points that have a term. */
  usesOf(id: string): number {
    return this.#state?.uses[id] ?? 0;
  }

  /** Reads everything fresh. Never throws: see `problem`. */
  async load(): Promise<void> {
    try {
      const [terms, state] = await Promise.all([
        fetchTerms(this.#deps.api, this.scheme),
        fetchVocabularyState(this.#deps.api, this.scheme),
      ]);
      this.#terms = new Map(terms.map((term) => [term.id, term]));
      this.#state = state;
      this.#problem = null;
    } catch (cause) {
      this.#problem = problemOf(cause);
    }
  }

  /** Reads the journal, the proposals and the counts again; what is there stays where the network fails. */
  async refresh(): Promise<void> {
    try {
      this.#state = await fetchVocabularyState(this.#deps.api, this.scheme);
    } catch {
      // What is shown was true a moment ago; whoever acts on it is told by the act itself.
    }
  }

  /** Terms that a text may name, best first; only those in use. */
  find(text: string, limit?: number): ConceptHit[] {
    return this.#search.find(text, this.scheme, limit === undefined ? {} : { limit });
  }

  /** Readies the search a little at a time, before somebody types. */
  prepareSearch(): void {
    void this.#search.prepare(this.scheme).catch(() => undefined);
  }

  /** What an edit would do. Throws ProblemError as the edit would. */
  preview(action: TermAction): Promise<EditOutcome> {
    return sendEdit(this.#deps.api, { id: this.#deps.newId(), scheme: this.scheme, dry: true, ...action });
  }

  /** Sends an edit. Throws ProblemError; where no answer came, the same edit sent again is one edit. */
  async edit(action: TermAction, note = ''): Promise<EditOutcome> {
    const said = { scheme: this.scheme, ...action, ...(note.trim() && { note: note.trim() }) };
    const key = JSON.stringify(said);
    const id = this.#attempts.get(key) ?? this.#deps.newId();
    this.#attempts.set(key, id);
    try {
      const outcome = await sendEdit(this.#deps.api, { id, ...said });
      this.#attempts.delete(key);
      return this.#takeOver(outcome);
    } catch (cause) {
      const { recovery } = problemOf(cause);
      // Refused is answered; anything else may have been written all the same.
      if (recovery !== 'wait_network' && recovery !== 'retry') this.#attempts.delete(key);
      throw cause;
    }
  }

  /** Takes an edit back. Throws ProblemError. */
  async undo(edit: string): Promise<EditOutcome> {
    return this.#takeOver(await undoEdit(this.#deps.api, edit));
  }

  /** Accepts a moderator's edit, or refuses it with a reason. Throws ProblemError. */
  async decide(edit: string, accept: boolean, reason = ''): Promise<EditOutcome> {
    const told = reason.trim() ? { reason: reason.trim() } : {};
    return this.#takeOver(await decideEdit(this.#deps.api, { edit, accept, ...told }));
  }

  /** Answers a word of the field. Throws ProblemError. */
  async answer(ids: readonly string[], answer: ProposalAnswer): Promise<ProposalOutcome> {
    const outcome = await answerProposal(this.#deps.api, { ids, ...answer });
    await this.load();
    return outcome;
  }

  /** Where a term is used. Throws ProblemError. */
  whereUsed(id: string): Promise<TermUses> {
    return fetchTermUses(this.#deps.api, id);
  }

  #takeOver(outcome: EditOutcome): EditOutcome {
    const { edit, after } = outcome;
    if (edit && edit.state !== 'proposed' && edit.state !== 'refused') this.#replace(after);
    if (edit && this.#state) {
      const others = this.#state.edits.filter((one) => one.id !== edit.id);
      const edits = [edit, ...others].sort((a, b) => b.n - a.n);
      this.#state = { ...this.#state, edits };
    }
    // What it changes elsewhere: counts, what may still be undone.
    void this.refresh();
    return outcome;
  }

  #replace(changed: readonly DeskConcept[]): void {
    if (changed.length === 0) return;
    const terms = new Map(this.#terms);
    for (const term of changed) terms.set(term.id, term);
    this.#terms = terms;
  }
}
