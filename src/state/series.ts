import { discardDraft, saveDraft } from '../db/drafts.ts';
import type { Precious } from '../db/precious.ts';
import { withStore } from '../db/guard.ts';
import { makeMutation } from '../domain/commands/make.ts';
import { newDraft, type SeriesStep } from '../domain/draft.ts';
import { newPointId, type RandomBytes } from '../domain/id.ts';
import { inheritedBy } from '../domain/series.ts';
import { titleField } from '../domain/theme.ts';
import { enqueueMutation } from '../sync/enqueue.ts';
import { undoMutation } from '../sync/outbox-actions.ts';
import type { DraftEditor } from './draft-editor.svelte.ts';

interface SeriesDeps {
  readonly precious: Precious;
  readonly now: () => Date;
  readonly random: RandomBytes;
}

/** `deleted`: it had not left. `withdrawn`: its withdrawal follows it. */
export type TakenBack = 'deleted' | 'withdrawn';

/** Things that stand in rows, captured one after the other: each inherits the one before. */
export class SeriesState {
  #deps: SeriesDeps;

  constructor(deps: SeriesDeps) {
    this.#deps = deps;
  }

  /** Saves a capture and begins the next one. Returns its id; null when the first could not be saved. */
  async next(editor: DraftEditor): Promise<string | null> {
    const { precious, now, random } = this.#deps;
    if (!(await editor.save())) return null;
    const { draft, theme, savedAs } = editor;
    const id = newPointId(now(), random);
    const inherited = inheritedBy(draft, theme);
    const steps = [...(draft.series?.steps ?? []), ...stepOf(editor, savedAs)];
    const origin = { pointId: id, userId: draft.user_id, theme: theme.id, formRev: theme.form_rev };
    const next = { ...newDraft(origin, now()), ...inherited, series: { steps, inherited } };
    await withStore(precious, () => saveDraft(precious, next));
    return id;
  }

  /** Takes back the last point of a series; the one being captured gets its number. */
  async undoLast(editor: DraftEditor): Promise<TakenBack | null> {
    const { precious, now, random } = this.#deps;
    const { draft, theme } = editor;
    const last = draft.series?.steps.at(-1);
    if (!last) return null;
    const { mutation_id, point_id } = last;
    const undone = await undoMutation(precious, mutation_id, { withPhotos: true });
    if (!undone) {
      const withdraw = makeMutation({ kind: 'withdraw', point_id, theme: theme.id }, now(), random);
      await enqueueMutation(precious, withdraw, { userId: draft.user_id, now: now() });
    }
    editor.stepBack(titleField(theme));
    return undone ? 'deleted' : 'withdrawn';
  }

  /** Ends a series: the point begun and left as it was inherited is nobody's work. */
  async stop(editor: DraftEditor): Promise<void> {
    await editor.photos.settled();
    await editor.keep();
    const { isEmpty, draft } = editor;
    editor.close();
    if (isEmpty) await discardDraft(this.#deps.precious, draft.id);
  }
}

function stepOf({ draft, theme }: DraftEditor, mutationId: string | null): SeriesStep[] {
  if (!draft.geom || mutationId === null) return [];
  const { lon, lat } = draft.geom;
  const key = titleField(theme);
  const title = key === null ? null : draft.attributes[key];
  return [
    {
      point_id: draft.id,
      mutation_id: mutationId,
      lon,
      lat,
      title: typeof title === 'string' ? title : null,
    },
  ];
}
