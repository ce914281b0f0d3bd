import type { Cache } from '../db/cache.ts';
import { discardEmptyDraft, saveDraft } from '../db/drafts.ts';
import { withStore } from '../db/guard.ts';
import { outboxRow } from '../db/outbox.ts';
import type { Precious } from '../db/precious.ts';
import { makeMutation } from '../domain/commands/make.ts';
import { type Draft, newDraft, type Series, type SeriesStep } from '../domain/draft.ts';
import { newPointId, type RandomBytes } from '../domain/id.ts';
import type { Point } from '../domain/point.ts';
import { inheritedBy, inheritedPast, steppedBack } from '../domain/series.ts';
import { type Theme, titleField } from '../domain/theme.ts';
import { enqueueMutation, isUntried } from '../sync/enqueue.ts';
import { discardMutation } from '../sync/outbox-actions.ts';
import { shownPoint } from '../sync/overlay.ts';
import { type WayBack, withWayBack } from '../sync/way-back.ts';
import type { DraftEditor } from './draft-editor.svelte.ts';
import { giveUp, type GivenUp } from './give-up.ts';

interface SeriesDeps {
  readonly precious: Precious;
  readonly cache: () => Cache;
  readonly now: () => Date;
  readonly random: RandomBytes;
}

/**
 * `deleted`: it had not left. `withdrawn`: its withdrawal follows it. `already`: it was taken back
 * elsewhere. `too_late`: it is published, and stays. `forgotten`: its sending was tried, and nothing
 * here can undo it if it has arrived.
 */
export type TakenBack = GivenUp | 'already' | 'too_late';

/** Where the series keeps the point. */
const STAYS: readonly TakenBack[] = ['too_late'];

/** What nothing has left of, or whose withdrawal may still be called off. */
const REVERSIBLE: readonly TakenBack[] = ['deleted', 'withdrawn'];

/** Of these, the server takes the withdrawal from the author (contract §3). */
const WITHDRAWABLE: readonly Point['status'][] = ['draft', 'submitted', 'to_complete', 'rejected'];

/** Things that stand in rows, captured one after the other: each inherits the one before. */
export class SeriesState {
  #deps: SeriesDeps;

  constructor(deps: SeriesDeps) {
    this.#deps = deps;
  }

  /**
   * Saves a capture and begins the next one, both or none. Returns its id; null when the first could
   * not be saved.
   */
  async next(editor: DraftEditor): Promise<string | null> {
    const { now, random } = this.#deps;
    const { theme } = editor;
    const id = newPointId(now(), random);
    const goesOn = (saved: Draft, leavesAs: string): Draft => {
      const steps = [...(saved.series?.steps ?? []), ...stepOf(saved, theme, leavesAs)];
      return this.#nextOf(saved, theme, { steps, inherited: inheritedBy(saved, theme) }, id);
    };
    return (await editor.save(goesOn)) ? id : null;
  }

  /**
   * Begins the next point where the one under way turned out to be a known one (`from` is its draft, or the edit that
   * it became): the row goes on past it. Returns its id; null where `from` is in no series.
   */
  async goOn(from: Draft, known: Point, theme: Theme): Promise<string | null> {
    const { precious, now, random } = this.#deps;
    if (!from.series) return null;
    const inherited = inheritedPast(from.series, known.attributes, theme);
    const draft = this.#nextOf(
      from,
      theme,
      { steps: from.series.steps, inherited },
      newPointId(now(), random),
    );
    await withStore(precious, () => saveDraft(precious, draft));
    return draft.id;
  }

  #nextOf(from: Draft, theme: Theme, series: Series, id: string): Draft {
    const origin = { pointId: id, userId: from.user_id, theme: theme.id, formRev: theme.form_rev };
    return { ...newDraft(origin, this.#deps.now()), ...series.inherited, series };
  }

  /**
   * Takes back the last point of a series; the one being captured gets its number, unless it was given
   * one by hand. Both or none: a series never counts a point that is gone. Returns what became of it, and
   * the way back while there is one; null where the series has no point.
   */
  async undoLast(editor: DraftEditor): Promise<{ done: TakenBack; back: WayBack | null } | null> {
    const last = editor.draft.series?.steps.at(-1);
    if (!last) return null;
    const { precious, cache } = this.#deps;
    await editor.keep();
    const { user_id: userId } = editor.draft;
    const point = (await shownPoint({ precious, cache: cache(), userId }, last.point_id))?.point ?? null;
    const titleKey = titleField(editor.theme);
    const before = editor.draft;
    const { done, back } = await withStore(precious, () =>
      withWayBack(precious, { userId, pointId: last.point_id }, async () => {
        const how = await this.#takeBack(last, point, before);
        if (STAYS.includes(how)) return how;
        await saveDraft(precious, { ...before, ...steppedBack(before, titleKey) });
        return how;
      }),
    );
    if (!STAYS.includes(done)) editor.stepBack(titleKey);
    const forth = async () => {
      const isBack = await back();
      // Saved meanwhile, the one after it keeps the number that it has.
      if (isBack && !editor.isClosed) editor.stepForth(before, titleKey);
      return isBack;
    };
    return { done, back: REVERSIBLE.includes(done) ? forth : null };
  }

  /** Within a transaction: what became of the point is decided on what is there now. */
  async #takeBack(step: SeriesStep, point: Point | null, { user_id, theme }: Draft): Promise<TakenBack> {
    const { precious, now, random } = this.#deps;
    const { mutation_id, point_id } = step;
    const row = await outboxRow(precious, mutation_id);
    if (row?.state === 'refused') {
      // It is nowhere but here.
      await discardMutation(precious, mutation_id);
      return 'deleted';
    }
    const mayWithdraw = point === null || WITHDRAWABLE.includes(point.status);
    if (row && (mayWithdraw || isUntried(row))) return giveUp(this.#deps, row, point);
    if (point?.status === 'withdrawn') return 'already';
    if (!mayWithdraw) return 'too_late';
    // Given up from the outbox meanwhile: there is nothing anywhere to withdraw.
    if (!point && !(await precious.sent.get(mutation_id))) return 'already';
    const withdraw = makeMutation({ kind: 'withdraw', point_id, theme }, now(), random);
    await enqueueMutation(precious, withdraw, { userId: user_id, now: now(), isHeld: true });
    return 'withdrawn';
  }

  /** Ends a series: the point begun and left as it was inherited is nobody's work. */
  async stop(editor: DraftEditor): Promise<void> {
    await editor.photos.settled();
    await editor.keep();
    const { isEmpty, draft } = editor;
    editor.close();
    if (isEmpty) await discardEmptyDraft(this.#deps.precious, draft.id);
  }
}

function stepOf(saved: Draft, theme: Theme, mutationId: string): SeriesStep[] {
  if (!saved.geom) return [];
  const { lon, lat } = saved.geom;
  const key = titleField(theme);
  const title = key === null ? null : saved.attributes[key];
  return [
    {
      point_id: saved.id,
      mutation_id: mutationId,
      lon,
      lat,
      title: typeof title === 'string' ? title : null,
    },
  ];
}
