import { patchBetween } from './diff.ts';
import type { JsonRecord } from './json.ts';
import { LIMITS } from './limits.ts';
import { type Content, writePatch } from './paths.ts';
import type { Geom, Point, Sensitivity } from './point.ts';
import { ProblemError } from './problems.ts';
import type { Position } from './geo/distance.ts';

/** One point saved in a series. */
export interface SeriesStep extends Position {
  readonly point_id: string;
  /** Under which it was saved: what undoing it takes back. */
  readonly mutation_id: string;
  /** Its number, or name; null when it had none. */
  readonly title: string | null;
}

/** Things of one kind captured one after the other along a street. */
export interface Series {
  readonly steps: readonly SeriesStep[];
  /** What this point took over from the previous one: until changed, nobody's work. */
  readonly inherited: Pick<Draft, 'concept' | 'attributes' | 'term'>;
}

/** A word for what the thesaurus lacks: it leaves with the point. */
export interface DraftTerm {
  readonly scheme: string;
  readonly text: string;
  readonly lang: string;
  readonly broader?: string;
  readonly note?: string;
}

/** A capture or an edit under way: it exists from the first tap and belongs to one person. */
export interface Draft {
  /** Id that the point will have, or has: one draft a point. */
  readonly id: string;
  readonly user_id: string;
  readonly theme: string;
  readonly concept: string | null;
  /** Null until a place is found or given. */
  readonly geom: Geom | null;
  readonly sensitivity: Sensitivity;
  readonly attributes: JsonRecord;
  /** Photos added here, in the order in which they show; the first is the face of the point. */
  readonly photo_ids: readonly string[];
  /** The row as the person saw it when they began to edit it; null for a new point. */
  readonly seen: Point | null;
  /** Rev of the form that asks the questions. */
  readonly form_rev: number;
  /** Points that the person said are another thing. */
  readonly not_same_as: readonly string[];
  /** Points that the person could not tell from it: the moderator will. */
  readonly maybe_same_as?: readonly string[];
  /** The word proposed for it, while the point waits under a holding concept or none. */
  readonly term?: DraftTerm | null;
  /** Conflicts (mutation ids) that saving this edit settles. */
  readonly resolves?: readonly string[];
  /** The series that it belongs to, and what it inherited from the point before. */
  readonly series?: Series;
  /** A known point seen again rather than described: "still there" with more, or "gone". */
  readonly observes?: {
    readonly point_id: string;
    readonly found: boolean;
    readonly condition: string | null;
  };
  readonly created_at: string;
  readonly updated_at: string;
}

interface Origin {
  readonly userId: string;
  readonly formRev: number;
}

/** A new point's draft, still empty. */
export function newDraft(origin: Origin & { pointId: string; theme: string }, now: Date): Draft {
  return {
    id: origin.pointId,
    user_id: origin.userId,
    theme: origin.theme,
    concept: null,
    geom: null,
    sensitivity: 'open',
    attributes: {},
    photo_ids: [],
    seen: null,
    form_rev: origin.formRev,
    not_same_as: [],
    created_at: now.toISOString(),
    updated_at: now.toISOString(),
  };
}

/**
 * What the author of an edit sees of a point: its content, with their own proposal over it, for a
 * further proposal builds on the first (contract §3).
 */
export function shownContent(point: Point): Content {
  const mine = point.pending.find((one) => one.mine && one.state === 'pending');
  const { concept, geom, sensitivity, attributes } = mine ? writePatch(point, mine.patch) : point;
  return { concept, geom, sensitivity, attributes };
}

/** A draft that edits a point. */
export function editDraft(origin: Origin, point: Point, now: Date): Draft {
  return {
    ...newDraft({ ...origin, pointId: point.id, theme: point.theme }, now),
    ...shownContent(point),
    seen: point,
  };
}

/** Whether it was begun just now: the person still stands before the thing. A clock put back makes none young. */
export function isYoungDraft(draft: Draft, now: Date): boolean {
  return Math.abs(now.getTime() - Date.parse(draft.created_at)) <= LIMITS.draftYoungMs;
}

/** Whether nothing was put in it yet: such a draft may go without a question. */
export function isEmptyDraft(draft: Draft): boolean {
  // What an edit carries of a series is for the point after it.
  const inheritedTerm = draft.seen ? null : (draft.series?.inherited.term ?? null);
  const isOwnTerm = JSON.stringify(draft.term ?? null) !== JSON.stringify(inheritedTerm);
  if (draft.photo_ids.length > 0 || isOwnTerm) return false;
  if (draft.observes) return draft.observes.found && draft.observes.condition === null;
  if (draft.seen) {
    const { concept, geom, sensitivity, attributes } = draft;
    const now = { concept, geom, sensitivity, attributes };
    return JSON.stringify(now) === JSON.stringify(shownContent(draft.seen));
  }
  // A position that the device found by itself is not the person's work.
  const isPlaced = draft.geom !== null && draft.geom.source !== 'gps';
  const { concept, attributes } = draft.series?.inherited ?? { concept: null, attributes: {} };
  const isInherited = JSON.stringify(draft.attributes) === JSON.stringify(attributes);
  return draft.concept === concept && isInherited && !isPlaced;
}

/** What a draft that is under way changes of what it was begun on, or of `seen`; nothing for none. */
function changesOf(draft: Draft | undefined, seen: Point): { base: JsonRecord; patch: JsonRecord } {
  if (!draft?.geom) return { base: {}, patch: {} };
  return patchBetween(shownContent(draft.seen ?? seen), { ...draft, geom: draft.geom });
}

/**
 * The draft of an edit that is said again: `fresh` shows the point without it. Its author has seen what
 * they saw then, no more, and what was begun over it since (`begun`) stays.
 */
export function editAgain(
  fresh: Draft & { seen: Point },
  edit: { base: JsonRecord; patch: JsonRecord; resolves?: readonly string[] | undefined },
  begun: Draft | undefined,
): Draft {
  const later = changesOf(begun, fresh.seen);
  const seen = writePatch(fresh.seen, { ...later.base, ...edit.base });
  const said = withWanted({ ...fresh, ...begun, ...shownContent(seen), seen }, edit.patch, edit.resolves);
  return withWanted(said, later.patch);
}

/** The draft that settles a conflict by hand: what its author had said, unless they have said more here since. */
export function settledIn(draft: Draft | undefined, mine: JsonRecord, mutationId: string): Draft {
  const since = draft?.seen ? changesOf(draft, draft.seen).patch : {};
  return withWanted(draft, { ...mine, ...since }, [mutationId]);
}

/** A capture's draft opened again, with what was begun over it since. */
export function captureAgain(draft: Draft, begun: Draft | undefined): Draft {
  if (!begun) return draft;
  // Begun as the same capture elsewhere, it is the later word.
  if (!begun.seen) return { ...begun, photo_ids: draft.photo_ids };
  const { not_same_as, maybe_same_as, term } = { ...draft, ...begun };
  const over = withWanted(draft, changesOf(begun, begun.seen).patch);
  return { ...over, not_same_as, ...(maybe_same_as ? { maybe_same_as } : {}), ...(term ? { term } : {}) };
}

/**
 * An edit's draft with what was wanted before over what is there, and the conflicts that saving it
 * settles. Throws `point_not_found` for a draft without a place, or none.
 */
function withWanted(draft: Draft | undefined, wanted: JsonRecord, resolves: readonly string[] = []): Draft {
  if (!draft?.geom) throw new ProblemError('point_not_found');
  const all = [...new Set([...(draft.resolves ?? []), ...resolves])];
  return { ...writePatch({ ...draft, geom: draft.geom }, wanted), ...(all.length ? { resolves: all } : {}) };
}

/** The photos of a draft in their order, one of them a place earlier; the first one stays where it is. */
export function withPhotoEarlier({ photo_ids: ids }: Draft, id: string): readonly string[] {
  const at = ids.indexOf(id);
  return at < 1 ? ids : [...ids.slice(0, at - 1), id, ...ids.slice(at - 1, at), ...ids.slice(at + 1)];
}
