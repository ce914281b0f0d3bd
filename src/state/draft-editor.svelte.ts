import { DraftMoved } from '../db/drafts.ts';
import { withStore } from '../db/guard.ts';
import { pulse } from '../device/haptics.ts';
import { onPageHidden, onPageTurnedTo } from '../device/lifecycle.ts';
import { checkDraft, completeDraft, type DraftProblem } from '../domain/commands/complete-draft.ts';
import { type Draft, type DraftTerm, isEmptyDraft, isYoungDraft } from '../domain/draft.ts';
import type { Position } from '../domain/geo/distance.ts';
import type { Fix } from '../domain/geo/fixes.ts';
import { gpsGeom, placedGeom } from '../domain/geo/placed.ts';
import type { Json } from '../domain/json.ts';
import { normalizeValue } from '../domain/paths.ts';
import type { Geom } from '../domain/point.ts';
import type { Problem } from '../domain/problems.ts';
import { steppedBack, steppedForth } from '../domain/series.ts';
import { holdingConcept, photoMaximum, type Theme } from '../domain/theme.ts';
import { toldApart, type Verdict } from '../domain/told-apart.ts';
import { DraftCopy, type Keeping } from './draft-copy.svelte.ts';
import { DraftPhotos } from './draft-photos.svelte.ts';
import type { EditorTools } from './editor-tools.ts';
import type { GoesOn } from './finish-draft.ts';

/** Always the same one: each field of a form looks again at what is another list, be it as empty as the last. */
const NO_FAULTS: readonly DraftProblem[] = [];

/**
 * One capture or edit on the screen. Every change reaches the database within 300 ms, when the page
 * hides, and before the camera opens; nothing but `save` commits. Open in two windows, each takes over
 * what the other has written.
 */
export class DraftEditor {
  readonly photos: DraftPhotos;
  #theme: Theme;
  #tools: EditorTools;
  #copy: DraftCopy;
  #attempts = $state(0);
  #stopListening: () => void;
  #isSaving = false;
  /** Its own ear on the position: the search may be another screen's by the time this one is left. */
  #onFix: ((fix: Fix) => void) | undefined;

  constructor(draft: Draft, theme: Theme, tools: EditorTools) {
    this.#copy = new DraftCopy(draft, {
      precious: tools.precious,
      now: tools.now,
      onOther: () => this.photos.refresh(),
    });
    this.#theme = theme;
    this.#tools = tools;
    this.photos = new DraftPhotos(tools.photos, {
      draft: () => this.#copy.draft,
      maximum: () => photoMaximum(this.#theme),
      order: (photoIds) => this.#copy.changeNow({ photo_ids: photoIds }),
    });
    const stops = [onPageHidden(() => void this.keep()), onPageTurnedTo(() => void this.catchUp())];
    this.#stopListening = () => stops.forEach((stop) => stop());
  }

  get theme(): Theme {
    return this.#theme;
  }

  get draft(): Draft {
    return this.#copy.draft;
  }

  /** Saved, left, or turned into something else: nothing more is written. */
  get isClosed(): boolean {
    return this.#copy.isClosed;
  }

  /** Another window has saved it: nothing more is written here. */
  get isFinishedElsewhere(): boolean {
    return this.#copy.isFinishedElsewhere;
  }

  get keeping(): Keeping {
    const { keeping } = this.#copy;
    return keeping === 'kept' && this.photos.isKeeping ? 'keeping' : keeping;
  }

  /** Why the draft could not be kept or saved; the form stays as it is. */
  get problem(): Problem | null {
    return this.#copy.problem;
  }

  readonly isNew: boolean = $derived(this.draft.seen === null);

  /** What is missing or wrong, told once saving was tried. */
  readonly faults: readonly DraftProblem[] = $derived.by(() => {
    const found = this.#attempts > 0 ? checkDraft(this.#copy.draft, this.#theme, this.#tools.knowsTerm) : [];
    return found.length > 0 ? found : NO_FAULTS;
  });

  /** How often saving was tried. */
  get attempts(): number {
    return this.#attempts;
  }

  /** Answers a question of the form; null takes the answer back. */
  answer(key: string, value: Json): void {
    const clean = normalizeValue(value);
    const others = Object.fromEntries(
      Object.entries(this.#copy.draft.attributes).filter(([one]) => one !== key),
    );
    this.#copy.change({ attributes: clean === null ? others : { ...others, [key]: clean } });
  }

  /** Names what the thing is. */
  name(concept: string | null): void {
    this.#copy.change({ concept, term: null });
  }

  /** Proposes a word for what the thesaurus lacks; the point waits under the theme's holding concept, or none. */
  propose(term: DraftTerm): void {
    this.#copy.change({ concept: holdingConcept(this.#theme), term });
  }

  /** Says of a point nearby that it is another thing, or may be the same: left to the moderator. Null takes it back. */
  tellApart(pointId: string, verdict: Verdict | null): void {
    this.#copy.change(toldApart(this.#copy.draft, pointId, verdict));
  }

  /** The last point of the series was taken back: this one follows the one before, under its number. */
  stepBack(titleKey: string | null): void {
    void this.#copy.changeNow(steppedBack(this.#copy.draft, titleKey));
  }

  /** It is there again, as it was `before`: this one follows it. */
  stepForth(before: Draft, titleKey: string | null): void {
    void this.#copy.changeNow(steppedForth(this.#copy.draft, before, titleKey));
  }

  /** Says of a known point what is seen of it now. */
  observe(seen: Partial<NonNullable<Draft['observes']>>): void {
    const { observes } = this.#copy.draft;
    if (observes) this.#copy.change({ observes: { ...observes, ...seen } });
  }

  /** Looks where the device is, and takes it as the place unless a hand has placed it meanwhile. */
  locate(): void {
    const geom = this.#copy.draft.geom;
    if (geom && geom.source !== 'gps') return;
    this.#search();
  }

  /** Looks where the device is, for a capture just begun: one taken up again at home was seen elsewhere. */
  beginToLocate(): void {
    const isYoung = isYoungDraft(this.#copy.draft, this.#tools.now());
    if (this.isNew && isYoung && this.#copy.draft.geom === null) this.locate();
  }

  /** Takes the place from the device again, over one placed by hand, which stays until another is found. */
  relocate(): void {
    this.#search(true);
  }

  #search(isOverHand = false): void {
    this.#onFix = (fix) => this.#follow(fix, isOverHand);
    this.#tools.location.search(this.#onFix);
  }

  /** Places the point by hand: on the map, by typing, or where a photo was taken. */
  place(position: Position, source: Geom['source'], accuracyMeters: number | null): void {
    const { recentFix: from, heading } = this.#tools.location;
    this.#tools.location.stop();
    void this.#copy.changeNow({ geom: placedGeom(position, { source, accuracyMeters, from, heading }) });
  }

  /** Writes what has changed, now. Resolves when the database has it. */
  keep(): Promise<void> {
    return this.#copy.keep();
  }

  /** Takes over what another window has written meanwhile. */
  catchUp(): Promise<void> {
    return this.#copy.catchUp();
  }

  /**
   * Puts the contribution in the outbox. False when something is missing (see `faults`) or when it
   * could not be written (see `problem`): the form stays open and intact. `goesOn` makes the draft that
   * is there once it is: both or none.
   */
  async save(goesOn?: GoesOn): Promise<boolean> {
    // A second press of a gloved thumb, while the first is at it or has done it.
    if (this.#isSaving || this.#copy.isClosed) return false;
    this.#isSaving = true;
    return this.#save(goesOn).finally(() => (this.#isSaving = false));
  }

  async #save(goesOn?: GoesOn): Promise<boolean> {
    this.#attempts += 1;
    if (this.faults.length > 0) return false;
    // On the disk is enough: they are made smaller after the save, before they leave.
    await this.photos.kept();
    // Something may have been answered meanwhile.
    if (this.faults.length > 0) return false;
    // What waits to be kept leaves with the draft: it is written once.
    const kept = await this.#copy.hold();
    try {
      const how = { kept, photosAsRead: this.photos.asRead, goesOn };
      await withStore(this.#tools.precious, () => this.#tools.finish(this.draft, how));
    } catch (cause) {
      this.#copy.release();
      if (cause instanceof DraftMoved) return this.#saveOver(goesOn);
      await this.keep();
      this.#copy.tellFailure(cause);
      return false;
    }
    this.close();
    pulse();
    return true;
  }

  /** Another window has written the draft meanwhile: what it wrote leaves too, unless it has saved all. */
  async #saveOver(goesOn?: GoesOn): Promise<boolean> {
    await this.catchUp();
    await this.photos.kept();
    await this.keep();
    return this.isClosed || this.keeping !== 'kept' ? false : this.#save(goesOn);
  }

  /** Whether saving would send something. */
  readonly hasSomethingToSend: boolean = $derived(
    this.draft.geom === null ||
      this.draft.photo_ids.length > 0 ||
      this.draft.term != null ||
      completeDraft(this.draft, this.theme) !== null,
  );

  /** Whether nobody put anything in it: leaving may drop it. */
  readonly isEmpty: boolean = $derived(isEmptyDraft(this.draft));

  /** Leaves the draft as it is in the database. Call after `keep`. */
  close(): void {
    this.#copy.close();
    this.#stopListening();
    if (this.#onFix) this.#tools.location.stop(this.#onFix);
    this.photos.close();
  }

  #follow(fix: Fix, isOverHand = false): void {
    const geom = this.#copy.draft.geom;
    if (this.#copy.isClosed || (geom && geom.source !== 'gps' && !isOverHand)) return;
    this.#copy.change({ geom: gpsGeom(fix, this.#tools.location.heading) });
  }
}
