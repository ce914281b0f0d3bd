import type { Cache } from '../db/cache.ts';
import {
  discardEmptyDraft,
  discardForAWhile,
  draftOf,
  draftsOf,
  ownDraftOf,
  saveDraft,
} from '../db/drafts.ts';
import { withStore } from '../db/guard.ts';
import { noteBecameOther } from '../db/meta.ts';
import type { Precious } from '../db/precious.ts';
import { captureOver, observedIn } from '../domain/capture-over.ts';
import { type Draft, editDraft, newDraft, settledIn, shownContent } from '../domain/draft.ts';
import { newPointId, type RandomBytes } from '../domain/id.ts';
import type { KnowsTerm } from '../domain/form/answer.ts';
import type { Point } from '../domain/point.ts';
import { ProblemError } from '../domain/problems.ts';
import { holdingConcept, observedField, type Theme } from '../domain/theme.ts';
import { shownPoint } from '../sync/overlay.ts';
import { DraftEditor } from './draft-editor.svelte.ts';
import type { PhotoKeeper } from './photo-keeper.ts';
import { urlOf } from './photo-rows.ts';
import { askToKeepOnce } from './keep-work.ts';
import { finishDraft } from './finish-draft.ts';
import { live, type Live } from './live.svelte.ts';
import type { OpenConflict } from './open-conflicts.ts';
import type { LocationState } from './location.svelte.ts';
import { reopen } from './reopen.ts';

export interface DraftsDeps {
  readonly precious: Precious;
  /** The person's copy of what the server shows. */
  readonly cache: () => Cache;
  readonly location: LocationState;
  /** The person of this device, null when nobody is signed in. Read reactively. */
  readonly userId: () => string | null;
  readonly theme: (id: string) => Promise<Theme | undefined>;
  readonly keeper: PhotoKeeper;
  readonly knowsTerm: KnowsTerm;
  readonly photoLicence: () => string;
  readonly now: () => Date;
  readonly random: RandomBytes;
}

/** The captures and edits that are not finished, and the way to open, finish and discard them. */
export class DraftsState {
  #deps: DraftsDeps;
  #list: Live<readonly Draft[]>;
  /** Resolves once the browser has answered whether it keeps what is here, where it is being asked. */
  keepAnswered: Promise<unknown> = Promise.resolve();

  /** Call it where effects live: in a component or an effect root. */
  constructor(deps: DraftsDeps) {
    this.#deps = deps;
    this.#list = live(async () => {
      const userId = deps.userId();
      return userId === null ? [] : draftsOf(deps.precious, userId);
    }, []);
  }

  /** Latest first. */
  get list(): readonly Draft[] {
    return this.#list.current;
  }

  /** Begins a capture: the draft is in the database when this resolves. Returns its id. */
  async start(themeId: string): Promise<string> {
    const { now, random } = this.#deps;
    const theme = await this.#themeOf(themeId);
    const pointId = newPointId(now(), random);
    const origin = { pointId, userId: this.#user(), theme: themeId, formRev: theme.form_rev };
    await this.#put(newDraft(origin, now()));
    return pointId;
  }

  /**
   * Begins to edit a point, or goes on with the edit already begun. Returns the draft's id. Throws
   * ProblemError `foreign_draft` where another person of this device has begun one.
   */
  async edit(pointId: string): Promise<string> {
    const { precious, cache, now } = this.#deps;
    const userId = this.#user();
    if (await ownDraftOf(precious, pointId, userId)) return pointId;
    const point = (await shownPoint({ precious, cache: cache(), userId }, pointId))?.point;
    if (!point) throw new ProblemError('point_not_found');
    const theme = await this.#themeOf(point.theme);
    await this.#put(editDraft({ userId, formRev: theme.form_rev }, point, now()));
    return pointId;
  }

  /** Begins to say more of a point than "still there", or goes on with it. Returns the draft's id. */
  async observe(point: Point): Promise<string> {
    const { now, random } = this.#deps;
    const userId = this.#user();
    const begun = await this.visitOf(point.id);
    if (begun !== null) return begun;
    const theme = await this.#themeOf(point.theme);
    const origin = { pointId: newPointId(now(), random), userId, theme: theme.id, formRev: theme.form_rev };
    const observes = { point_id: point.id, found: true, condition: null };
    await this.#put({ ...newDraft(origin, now()), ...shownContent(point), observes });
    return origin.pointId;
  }

  /** The visit of a point that is begun on this device: what was seen of it waits there. Null for none. */
  async visitOf(pointId: string): Promise<string | null> {
    const drafts = await draftsOf(this.#deps.precious, this.#user());
    return drafts.find((one) => one.observes?.point_id === pointId)?.id ?? null;
  }

  /**
   * Opens the point to settle a conflict by hand: the form shows what I had said over what is there,
   * and saving it closes the conflict, whatever is left in it. Returns the draft's id.
   */
  async settle({ point, conflicts, mutationId }: OpenConflict): Promise<string> {
    const { precious } = this.#deps;
    const draft = await draftOf(precious, await this.edit(point.id));
    const mine = Object.fromEntries(conflicts.map((one) => [one.field, one.mine]));
    await this.#put(settledIn(draft, mine, mutationId));
    return point.id;
  }

  /** Opens a draft of this person; null when there is none here (any more). */
  async open(id: string): Promise<DraftEditor | null> {
    const { precious, photoLicence: licence } = this.#deps;
    const draft = await withStore(precious, () => draftOf(precious, id));
    if (!draft || draft.user_id !== this.#deps.userId()) return null;
    const theme = await this.#themeOf(draft.theme);
    const editor = new DraftEditor(draft, theme, {
      ...this.#deps,
      photos: { ...this.#deps, licence },
      finish: (finished, how) => finishDraft(this.#deps, finished, theme, how),
    });
    await editor.photos.load();
    return editor;
  }

  /** The draft that goes on in a series where that one was saved; null for none. */
  async wentOnIn(savedId: string): Promise<string | null> {
    const { precious, userId } = this.#deps;
    const drafts = await draftsOf(precious, userId() ?? '');
    return drafts.find((one) => one.series?.steps.at(-1)?.point_id === savedId)?.id ?? null;
  }

  /** Leaves an open draft: kept, or dropped when nobody put anything in it. */
  async leave(editor: DraftEditor): Promise<void> {
    if (editor.isFinishedElsewhere) editor.close();
    if (editor.isClosed) return;
    await editor.photos.settled();
    await editor.keep();
    const { isEmpty, draft } = editor;
    editor.close();
    if (isEmpty) await discardEmptyDraft(this.#deps.precious, draft.id);
  }

  /** Deletes a draft and its photos. Returns the way back, good until the app closes. */
  async discard(id: string): Promise<() => Promise<void>> {
    return discardForAWhile(this.#deps.precious, id);
  }

  /** See `reopen`. */
  async reopen(mutationId: string): Promise<string> {
    const { precious, cache, now } = this.#deps;
    const stores = { precious, cache: cache(), userId: this.#user() };
    return reopen({ ...stores, themeOf: (id) => this.#themeOf(id), now }, mutationId);
  }

  /** Address of the first photo of a draft, to release after use; null when it has none. */
  async thumbnail(draft: Draft): Promise<string | null> {
    const [first] = draft.photo_ids;
    const thumb = first === undefined ? undefined : await this.#deps.precious.photo_thumbs.get(first);
    return urlOf(thumb?.bytes ?? null);
  }

  /**
   * The thing is already known and still there: confirms it, with the photos just taken of it and the
   * state it was said to be in. Where it cannot be written, the capture stays open as it is.
   */
  async confirmInstead(editor: DraftEditor, pointId: string): Promise<void> {
    const { precious, now } = this.#deps;
    await editor.photos.kept();
    await editor.keep();
    const condition = observedIn(editor.draft, observedField(editor.theme));
    const observes = { point_id: pointId, found: true, condition };
    const seen = { ...editor.draft, observes, updated_at: now().toISOString(), term: null };
    await withStore(precious, async () => {
      await noteBecameOther(precious, seen.id);
      await finishDraft(this.#deps, seen, editor.theme);
    });
    await this.#closeFor(editor);
  }

  /**
   * The thing is already known: the capture becomes an edit of it, see `captureOver`. Where it cannot be
   * written, the capture stays open as it is. Throws ProblemError `foreign_draft` as `edit` does.
   */
  async editInstead(editor: DraftEditor, pointId: string): Promise<void> {
    const { precious } = this.#deps;
    await editor.photos.kept();
    await editor.keep();
    const capture = editor.draft;
    await this.edit(pointId);
    await withStore(precious, () =>
      precious.transaction('rw', precious.tables, async () => {
        await noteBecameOther(precious, capture.id);
        const edit = await ownDraftOf(precious, pointId, capture.user_id);
        if (!edit) throw new ProblemError('point_not_found');
        const photos = precious.photos.where('id').anyOf([...capture.photo_ids]);
        await photos.modify({ point_id: pointId });
        const over = captureOver(edit, capture, holdingConcept(editor.theme));
        // A row goes on past a point that is completed.
        await saveDraft(precious, { ...over, ...(capture.series && { series: capture.series }) });
        await precious.drafts.delete(capture.id);
      }),
    );
    await this.#closeFor(editor);
  }

  /** Closes a capture that has become something else: what was still being kept of it goes too. */
  async #closeFor(editor: DraftEditor): Promise<void> {
    const { precious } = this.#deps;
    editor.close();
    await editor.keep();
    await withStore(precious, () => precious.drafts.delete(editor.draft.id));
  }

  /** Asks the browser to keep what is here, at the first capture. */
  askToKeep(): void {
    this.keepAnswered = askToKeepOnce(this.#deps.precious);
  }

  async #put(draft: Draft): Promise<void> {
    const { precious } = this.#deps;
    await withStore(precious, () => saveDraft(precious, draft));
  }

  async #themeOf(id: string): Promise<Theme> {
    const theme = await this.#deps.theme(id);
    if (!theme) throw new ProblemError('unknown_theme', id);
    return theme;
  }

  #user(): string {
    const userId = this.#deps.userId();
    if (userId === null) throw new ProblemError('auth_required');
    return userId;
  }
}
