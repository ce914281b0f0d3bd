import { saveDraft } from '../db/drafts.ts';
import { withStore } from '../db/guard.ts';
import { pulse } from '../device/haptics.ts';
import { onPageHidden } from '../device/lifecycle.ts';
import { checkDraft, completeDraft, type DraftProblem } from '../domain/commands/complete-draft.ts';
import { type Draft, type DraftTerm, isEmptyDraft } from '../domain/draft.ts';
import type { Position } from '../domain/geo/distance.ts';
import type { Fix } from '../domain/geo/fixes.ts';
import { gpsGeom, placedGeom } from '../domain/geo/placed.ts';
import type { Json } from '../domain/json.ts';
import { LIMITS } from '../domain/limits.ts';
import { normalizeValue } from '../domain/paths.ts';
import type { Geom } from '../domain/point.ts';
import { type Problem, problemOf } from '../domain/problems.ts';
import { steppedBack } from '../domain/series.ts';
import { holdingConcept, photoMaximum, type Theme } from '../domain/theme.ts';
import { DraftPhotos } from './draft-photos.svelte.ts';
import type { EditorTools } from './editor-tools.ts';

/** `kept`: all is in the database. `keeping`: a change waits 300 ms. `failed`: see `problem`. */
export type Keeping = 'kept' | 'keeping' | 'failed';

/**
 * One capture or edit on the screen. Every change reaches the database within 300 ms, when the page
 * hides, and before the camera opens; nothing but `save` commits.
 */
export class DraftEditor {
  readonly photos: DraftPhotos;
  #theme: Theme;
  #tools: EditorTools;
  #draft = $state.raw<Draft>() as Draft;
  #keeping = $state<Keeping>('kept');
  #problem = $state.raw<Problem | null>(null);
  #isChecked = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> = Promise.resolve();
  #stopListening: () => void;
  #isClosed = false;
  #savedAs: string | null = null;

  constructor(draft: Draft, theme: Theme, tools: EditorTools) {
    this.#draft = draft;
    this.#theme = theme;
    this.#tools = tools;
    this.photos = new DraftPhotos(tools.photos, {
      draft: () => this.#draft,
      maximum: () => photoMaximum(this.#theme),
      order: (photoIds) => this.#changeNow({ photo_ids: photoIds }),
    });
    this.#stopListening = onPageHidden(() => void this.keep());
  }

  get theme(): Theme {
    return this.#theme;
  }

  get draft(): Draft {
    return this.#draft;
  }

  /** Saved, left, or turned into something else: nothing more is written. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Id under which it leaves, once saved. */
  get savedAs(): string | null {
    return this.#savedAs;
  }

  get keeping(): Keeping {
    return this.#keeping;
  }

  /** Why the draft could not be kept or saved; the form stays as it is. */
  get problem(): Problem | null {
    return this.#problem;
  }

  readonly isNew: boolean = $derived(this.#draft.seen === null);

  /** What is missing or wrong, told once saving was tried. */
  readonly faults: DraftProblem[] = $derived.by(() =>
    this.#isChecked ? checkDraft(this.#draft, this.#theme) : [],
  );

  /** Answers a question of the form; null takes the answer back. */
  answer(key: string, value: Json): void {
    const clean = normalizeValue(value);
    const others = Object.fromEntries(Object.entries(this.#draft.attributes).filter(([one]) => one !== key));
    this.#change({ attributes: clean === null ? others : { ...others, [key]: clean } });
  }

  /** Names what the thing is. */
  name(concept: string | null): void {
    this.#change({ concept, term: null });
  }

  /** Proposes a word for what the thesaurus lacks; the point waits under the theme's holding concept, or none. */
  propose(term: DraftTerm): void {
    this.#change({ concept: holdingConcept(this.#theme), term });
  }

  /** This point nearby is another thing. */
  sayOther(pointId: string): void {
    this.#change({ not_same_as: [...this.#draft.not_same_as, pointId] });
  }

  /** The last point of the series was taken back: this one follows the one before, under its number. */
  stepBack(titleKey: string | null): void {
    void this.#changeNow(steppedBack(this.#draft, titleKey));
  }

  /** Says of a known point what is seen of it now. */
  observe(seen: Partial<NonNullable<Draft['observes']>>): void {
    const { observes } = this.#draft;
    if (observes) this.#change({ observes: { ...observes, ...seen } });
  }

  /** This point nearby may be the same thing: left to the moderator. */
  sayUnsure(pointId: string): void {
    this.#change({ maybe_same_as: [...(this.#draft.maybe_same_as ?? []), pointId] });
  }

  /** Looks where the device is, and takes it as the place unless a hand has placed it meanwhile. */
  locate(): void {
    const geom = this.#draft.geom;
    if (geom && geom.source !== 'gps') return;
    this.#tools.location.search((fix) => this.#follow(fix));
  }

  /** Takes the place from the device again, over one placed by hand. */
  relocate(): void {
    void this.#changeNow({ geom: null });
    this.locate();
  }

  /** Places the point by hand: on the map, by typing, or where a photo was taken. */
  place(position: Position, source: Geom['source'], accuracyMeters: number | null): void {
    const { recentFix: from, heading } = this.#tools.location;
    this.#tools.location.stop();
    void this.#changeNow({ geom: placedGeom(position, { source, accuracyMeters, from, heading }) });
  }

  /** Writes what has changed, now. Resolves when the database has it. */
  async keep(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#isClosed || this.#keeping === 'kept') return this.#writing;
    const draft = this.#draft;
    this.#writing = this.#writing
      .then(() => withStore(this.#tools.precious, () => saveDraft(this.#tools.precious, draft)))
      .then(
        () => {
          this.#problem = null;
          this.#keeping = this.#draft === draft ? 'kept' : 'keeping';
        },
        (cause: unknown) => this.#tellFailure(cause),
      );
    return this.#writing;
  }

  /**
   * Puts the contribution in the outbox. False when something is missing (see `faults`) or when it
   * could not be written (see `problem`): the form stays open and intact.
   */
  async save(): Promise<boolean> {
    this.#isChecked = true;
    if (checkDraft(this.#draft, this.#theme).length > 0) return false;
    await this.photos.settled();
    await this.keep();
    try {
      this.#savedAs = await withStore(this.#tools.precious, () => this.#tools.finish(this.#draft));
    } catch (cause) {
      this.#tellFailure(cause);
      return false;
    }
    this.close();
    pulse();
    return true;
  }

  /** Whether saving would send something. */
  readonly hasSomethingToSend: boolean = $derived(
    this.#draft.geom === null ||
      this.#draft.photo_ids.length > 0 ||
      this.#draft.term != null ||
      completeDraft(this.#draft, this.theme) !== null,
  );

  /** Whether nobody put anything in it: leaving may drop it. */
  readonly isEmpty: boolean = $derived(isEmptyDraft(this.#draft));

  /** Leaves the draft as it is in the database. Call after `keep`. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#stopListening();
    this.#tools.location.stop();
    this.photos.close();
  }

  #follow(fix: Fix): void {
    const geom = this.#draft.geom;
    if (this.#isClosed || (geom && geom.source !== 'gps')) return;
    this.#change({ geom: gpsGeom(fix, this.#tools.location.heading) });
  }

  #change(changes: Partial<Draft>): void {
    if (this.#isClosed) return;
    this.#draft = { ...this.#draft, ...changes, updated_at: this.#tools.now().toISOString() };
    this.#keeping = 'keeping';
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.keep(), LIMITS.autosaveMs);
  }

  #changeNow(changes: Partial<Draft>): Promise<void> {
    this.#change(changes);
    return this.keep();
  }

  #tellFailure(cause: unknown): void {
    this.#problem = problemOf(cause);
    this.#keeping = 'failed';
  }
}
