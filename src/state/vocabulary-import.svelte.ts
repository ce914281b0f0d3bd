import type { Api } from '../api/client.ts';
import {
  fetchCompared,
  type ReadFile,
  readVocabularyAddress,
  readVocabularyFile,
  sendVocabularyImport,
} from '../api/thesaurus-import.ts';
import { type Problem, problem, problemOf } from '../domain/problems.ts';
import { choiceKey, importAction, type ImportChoices } from '../domain/thesaurus/import-action.ts';
import { importDiff, type ImportDiff, type RowKind } from '../domain/thesaurus/import-diff.ts';

export type { ImportIssue, ImportSource } from '../api/thesaurus-import.ts';

interface Deps {
  readonly api: Api;
  readonly scheme: string;
  /** A random UUID. */
  readonly newId: () => string;
}

/** What somebody gave: a file, or an address. */
type Given = { readonly file: File } | { readonly url: string };

/** Bytes of a file at most: the function takes no more. */
const MAXIMUM_BYTES = 20 * 1024 * 1024;
/** Systems know few of these types; what a name does not tell either, the function guesses. */
const TYPES: Readonly<Record<string, string>> = {
  ttl: 'text/turtle',
  nt: 'application/n-triples',
  rdf: 'application/rdf+xml',
  xml: 'application/rdf+xml',
  jsonld: 'application/ld+json',
  json: 'application/json',
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
};

/** Another vocabulary brought into one of ours: read, compared, chosen, sent as one edit. Nothing is written before the last. */
export class VocabularyImport {
  #deps: Deps;
  #given: Given | null = null;
  #read = $state.raw<ReadFile | null>(null);
  #diff = $state.raw<ImportDiff | null>(null);
  #choices = $state.raw<ImportChoices>({ conflicts: new Map(), vanished: new Map() });
  #isBusy = $state(false);
  #problem = $state.raw<Problem | null>(null);
  #done = $state.raw<{ readonly state: string; readonly points: number } | null>(null);
  #hasMoved = $state(false);
  #decides = $state(false);
  #seen = '';
  /** Of the edit that was made of these choices: sent again without an answer, it is the same. */
  #attempt: { readonly id: string; readonly says: string } | null = null;

  /** How many rows there are of each kind. */
  readonly counts: Readonly<Record<RowKind, number>> = $derived.by(() => {
    const counts = { added: 0, changed: 0, vanished: 0, conflict: 0, same: 0 };
    for (const { kind } of this.#diff?.rows ?? []) counts[kind] += 1;
    return counts;
  });

  /** What would be sent. */
  readonly action = $derived(this.#diff && importAction(this.#diff, this.#choices, this.#seen));

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** What was read; null before. */
  get read(): ReadFile | null {
    return this.#read;
  }

  /** Null until a file without faults was compared. */
  get diff(): ImportDiff | null {
    return this.#diff;
  }

  get choices(): ImportChoices {
    return this.#choices;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  get problem(): Problem | null {
    return this.#problem;
  }

  /** Whether somebody edited the vocabulary meanwhile: it was compared again. */
  get hasMoved(): boolean {
    return this.#hasMoved;
  }

  /** Whether an import holds at once; else the coordination decides on it. */
  get decides(): boolean {
    return this.#decides;
  }

  /** Set once it was sent. */
  get done(): { readonly state: string; readonly points: number } | null {
    return this.#done;
  }

  /** Reads what somebody gives, and compares it where it can be. Never throws: see `problem`. */
  async give(given: Given): Promise<void> {
    this.#given = given;
    await this.#readAs(given);
  }

  /** Reads the same once more: one vocabulary of those that it holds. */
  async pick(source: string): Promise<void> {
    if (this.#given) await this.#readAs(this.#given, source);
  }

  /** Back to the choice of a file. */
  restart(): void {
    this.#given = null;
    this.#forget();
  }

  chooseField(id: string, field: string, side: 'ours' | 'theirs'): void {
    const conflicts = new Map(this.#choices.conflicts).set(choiceKey(id, field), side);
    this.#choices = { ...this.#choices, conflicts };
  }

  chooseVanished(ids: readonly string[], fate: 'deprecate' | 'keep'): void {
    const vanished = new Map(this.#choices.vanished);
    for (const id of ids) vanished.set(id, fate);
    this.#choices = { ...this.#choices, vanished };
  }

  /** Sends what was chosen. Where somebody edited meanwhile it is compared again instead, with the choices kept. */
  async send(): Promise<void> {
    const { action } = this;
    if (!action || this.#isBusy) return;
    await this.#busily(async () => {
      const { api, scheme, newId } = this.#deps;
      const says = JSON.stringify(action);
      if (this.#attempt?.says !== says) this.#attempt = { id: newId(), says };
      try {
        this.#done = await sendVocabularyImport(api, { id: this.#attempt.id, scheme, ...action });
      } catch (cause) {
        const { code, details } = problemOf(cause);
        if (!/concept_moved|^unknown HTTP 409/.test(`${code} ${details ?? ''}`)) throw cause;
        await this.#compare();
        this.#hasMoved = true;
      }
    });
  }

  async #readAs(given: Given, source?: string): Promise<void> {
    this.#forget();
    await this.#busily(async () => {
      const { api, scheme } = this.#deps;
      if ('file' in given && given.file.size > MAXIMUM_BYTES) {
        this.#problem = problem('too_large');
        return;
      }
      this.#read =
        'url' in given
          ? await readVocabularyAddress(api, { scheme, url: given.url, source })
          : await readVocabularyFile(api, scheme, {
              content: await given.file.arrayBuffer(),
              type: typeOf(given.file),
              source,
            });
      if (this.#read.faults.length === 0) await this.#compare();
    });
  }

  async #compare(): Promise<void> {
    if (!this.#read) return;
    const { rev, concepts, origins, role } = await fetchCompared(this.#deps.api, this.#deps.scheme);
    this.#seen = rev;
    this.#decides = role === 'decide';
    this.#diff = importDiff({ here: concepts, origins, incoming: this.#read.concepts });
  }

  async #busily(work: () => Promise<void>): Promise<void> {
    this.#isBusy = true;
    this.#problem = null;
    try {
      await work();
    } catch (cause) {
      this.#problem = problemOf(cause);
    } finally {
      this.#isBusy = false;
    }
  }

  #forget(): void {
    this.#read = null;
    this.#diff = null;
    this.#done = null;
    this.#hasMoved = false;
    this.#choices = { conflicts: new Map(), vanished: new Map() };
  }
}

function typeOf({ name, type }: File): string {
  const [, ending = ''] = /\.(\w+)$/.exec(name.toLowerCase()) ?? [];
  return TYPES[ending] ?? (type || 'application/octet-stream');
}
