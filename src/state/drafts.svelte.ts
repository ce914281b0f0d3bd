import type { Cache } from '../db/cache.ts';
import { discardDraft, discardForAWhile, draftOf, draftsOf, saveDraft } from '../db/drafts.ts';
import { withStore } from '../db/guard.ts';
import { deleteFromOutbox, outboxRow } from '../db/outbox.ts';
import type { Precious } from '../db/precious.ts';
import type { OutboxRow } from '../db/rows.ts';
import { applyMutation } from '../domain/commands/apply.ts';
import { makeMutation } from '../domain/commands/make.ts';
import { type Draft, editDraft, newDraft, shownContent, withWanted } from '../domain/draft.ts';
import { newPointId, type RandomBytes } from '../domain/id.ts';
import type { EditMutation } from '../domain/mutation.ts';
import type { Point } from '../domain/point.ts';
import { ProblemError } from '../domain/problems.ts';
import type { Theme } from '../domain/theme.ts';
import { enqueueMutation, isUntouched } from '../sync/enqueue.ts';
import { shownPoint } from '../sync/overlay.ts';
import { DraftEditor } from './draft-editor.svelte.ts';
import type { Prepare } from './prepare-kept.ts';
import { askToKeepOnce } from './keep-work.ts';
import { finishDraft, termTakenBack } from './finish-draft.ts';
import { live, type Live } from './live.svelte.ts';
import type { OpenConflict } from './open-conflicts.ts';
import type { LocationState } from './location.svelte.ts';

export interface DraftsDeps {
  readonly precious: Precious;
  /** The person's copy of what the server shows. */
  readonly cache: () => Cache;
  readonly location: LocationState;
  /** The person of this device, null when nobody is signed in. Read reactively. */
  readonly userId: () => string | null;
  readonly theme: (id: string) => Promise<Theme | undefined>;
  readonly prepare: Prepare;
  readonly photoLicence: () => string;
  readonly now: () => Date;
  readonly random: RandomBytes;
}

/** The captures and edits that are not finished, and the way to open, finish and discard them. */
export class DraftsState {
  #deps: DraftsDeps;
  #list: Live<readonly Draft[]>;

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

  /** Begins to edit a point, or goes on with the edit already begun. Returns the draft's id. */
  async edit(pointId: string): Promise<string> {
    const { precious, cache, now } = this.#deps;
    const userId = this.#user();
    const begun = await draftOf(precious, pointId);
    if (begun?.user_id === userId) return pointId;
    const point = (await shownPoint({ precious, cache: cache(), userId }, pointId))?.point;
    if (!point) throw new ProblemError('point_not_found');
    const theme = await this.#themeOf(point.theme);
    await this.#put(editDraft({ userId, formRev: theme.form_rev }, point, now()));
    return pointId;
  }

  /** Begins to say more of a point than "still there", or goes on with it. Returns the draft's id. */
  async observe(point: Point): Promise<string> {
    const { precious, now, random } = this.#deps;
    const userId = this.#user();
    const begun = (await draftsOf(precious, userId)).find((one) => one.observes?.point_id === point.id);
    if (begun) return begun.id;
    const theme = await this.#themeOf(point.theme);
    const origin = { pointId: newPointId(now(), random), userId, theme: theme.id, formRev: theme.form_rev };
    const observes = { point_id: point.id, found: true, condition: null };
    await this.#put({ ...newDraft(origin, now()), ...shownContent(point), observes });
    return origin.pointId;
  }

  /**
   * Opens the point to settle a conflict by hand: the form shows what I had said over what is there,
   * and saving it closes the conflict, whatever is left in it. Returns the draft's id.
   */
  async settle({ point, conflicts, mutationId }: OpenConflict): Promise<string> {
    const { precious } = this.#deps;
    const draft = await draftOf(precious, await this.edit(point.id));
    const mine = Object.fromEntries(conflicts.map((one) => [one.field, one.mine]));
    await this.#put(withWanted(draft, mine, [mutationId]));
    return point.id;
  }

  /** Opens a draft of this person; null when there is none here (any more). */
  async open(id: string): Promise<DraftEditor | null> {
    const { precious, location, prepare, now, random, photoLicence } = this.#deps;
    const draft = await withStore(precious, () => draftOf(precious, id));
    if (!draft || draft.user_id !== this.#deps.userId()) return null;
    const theme = await this.#themeOf(draft.theme);
    const editor = new DraftEditor(draft, theme, {
      precious,
      location,
      now,
      photos: { precious, prepare, now, random, licence: photoLicence },
      finish: (finished) => finishDraft(this.#deps, finished, theme),
    });
    await editor.photos.load();
    return editor;
  }

  /** Leaves an open draft: kept, or dropped when nobody put anything in it. */
  async leave(editor: DraftEditor): Promise<void> {
    if (editor.isClosed) return;
    await editor.photos.settled();
    await editor.keep();
    const { isEmpty, draft } = editor;
    editor.close();
    if (isEmpty) await discardDraft(this.#deps.precious, draft.id);
  }

  /** Deletes a draft and its photos. Returns the way back, good until the app closes. */
  async discard(id: string): Promise<() => Promise<void>> {
    return discardForAWhile(this.#deps.precious, id);
  }

  /** A refused contribution, or one that has not left, becomes a draft again, with its answers and photos. Returns its id. */
  async reopen(mutationId: string): Promise<string> {
    const { precious, now } = this.#deps;
    const userId = this.#user();
    const row = await outboxRow(precious, mutationId);
    // It may be on its way: what was sent does not change.
    if (row?.state === 'queued' && !isUntouched(row)) throw new ProblemError('busy');
    if (row?.user_id === userId && row.mutation.kind === 'edit') return this.#reopenEdit(row, row.mutation);
    const doer = { userId, isModerator: false };
    const point = row?.user_id === userId ? applyMutation(null, row.mutation, doer) : null;
    if (!row || !point) throw new ProblemError('unknown_point');
    const theme = await this.#themeOf(point.theme);
    return precious.transaction('rw', precious.tables, async () => {
      const photos = await precious.photos.where('point_id').equals(point.id).toArray();
      const kept = photos.filter((photo) => photo.state !== 'stored');
      const draft = newDraft({ pointId: point.id, userId, theme: theme.id, formRev: theme.form_rev }, now());
      await saveDraft(precious, {
        ...draft,
        ...shownContent(point),
        photo_ids: kept.map((photo) => photo.id),
        created_at: row.mutation.captured_at,
        ...(await termTakenBack(precious, userId, point.id)),
      });
      await precious.photos.bulkPut(kept.map((photo) => ({ ...photo, state: 'draft' })));
      await deleteFromOutbox(precious, mutationId);
      return point.id;
    });
  }

  /** A refused edit opens the point again, with what it wanted over what is there. */
  async #reopenEdit(row: OutboxRow, edit: EditMutation): Promise<string> {
    const { precious } = this.#deps;
    const draft = await draftOf(precious, await this.edit(edit.point_id));
    const wanted = withWanted(draft, edit.patch, edit.resolves);
    await precious.transaction('rw', precious.drafts, precious.outbox, async () => {
      await saveDraft(precious, wanted);
      await deleteFromOutbox(precious, row.mutation_id);
    });
    return edit.point_id;
  }

  /** Address of the first photo of a draft, to release after use; null when it has none. */
  async thumbnail(draft: Draft): Promise<string | null> {
    const [first] = draft.photo_ids;
    const thumb = first === undefined ? undefined : await this.#deps.precious.photo_thumbs.get(first);
    return thumb ? URL.createObjectURL(new Blob([thumb.bytes], { type: 'image/jpeg' })) : null;
  }

  /** The thing is already known and still there: confirms it, and drops the capture. */
  async confirmInstead(editor: DraftEditor, pointId: string): Promise<void> {
    const { precious, now, random } = this.#deps;
    const { draft } = editor;
    const observed = { kind: 'confirm', point_id: pointId, theme: draft.theme, found: true } as const;
    const mutation = makeMutation({ ...observed, observed_at: now().toISOString() }, now(), random);
    editor.close();
    await precious.transaction('rw', precious.tables, async () => {
      await enqueueMutation(precious, mutation, { userId: draft.user_id, now: now() });
      await discardDraft(precious, draft.id);
    });
  }

  /**
   * The thing is already known: the capture becomes an edit of it. Answers given and photos taken
   * go over what is known; its place stays.
   */
  async editInstead(editor: DraftEditor, pointId: string): Promise<void> {
    const { precious } = this.#deps;
    await editor.photos.settled();
    await editor.keep();
    const capture = editor.draft;
    editor.close();
    await this.edit(pointId);
    await precious.transaction('rw', precious.tables, async () => {
      const edit = await draftOf(precious, pointId);
      if (!edit) return;
      await precious.photos
        .where('id')
        .anyOf([...capture.photo_ids])
        .modify({ point_id: pointId });
      await saveDraft(precious, {
        ...edit,
        attributes: { ...edit.attributes, ...capture.attributes },
        photo_ids: [...edit.photo_ids, ...capture.photo_ids],
      });
      await precious.drafts.delete(capture.id);
    });
  }

  /** Asks the browser to keep what is here, at the first capture. Null when it was asked before. */
  askToKeep(): Promise<boolean | null> {
    return askToKeepOnce(this.#deps.precious);
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
