import type { JsonRecord } from './json.ts';
import type { Content } from './paths.ts';
import type { Geom, Point, PointStatus } from './point.ts';

/** What a person has filled in so far; a place may still be missing. */
export interface DraftContent {
  readonly concept: string | null;
  readonly geom: Geom | null;
  readonly attributes: JsonRecord;
  readonly sensitivity: Content['sensitivity'];
}

/** What the author of an edit had before their eyes: the base of the three-way merge. */
export interface DraftBase {
  readonly rev: number;
  readonly status: PointStatus;
  readonly content: Content;
}

/** A capture or an edit under way: it exists from the first tap and belongs to one person. */
export interface Draft {
  readonly id: string;
  readonly user_id: string;
  readonly point_id: string;
  readonly theme: string;
  /** Rev of the form that asked the questions. */
  readonly form_rev: number;
  readonly content: DraftContent;
  /** Null for a new point. */
  readonly base: DraftBase | null;
  /** In the order in which they show; the first is the face of the point. */
  readonly photo_ids: readonly string[];
  /** Points that the person said are another thing. */
  readonly not_same_as: readonly string[];
  readonly started_at: string;
  readonly updated_at: string;
}

/** A new point's draft, still empty. `pointId` is for ever. */
export function newDraft(
  origin: { pointId: string; userId: string; theme: string; formRev: number },
  now: Date,
): Draft {
  return {
    id: origin.pointId,
    user_id: origin.userId,
    point_id: origin.pointId,
    theme: origin.theme,
    form_rev: origin.formRev,
    content: { concept: null, geom: null, attributes: {}, sensitivity: 'open' },
    base: null,
    photo_ids: [],
    not_same_as: [],
    started_at: now.toISOString(),
    updated_at: now.toISOString(),
  };
}

/** A draft that edits a point, seen as `point` shows it: the author's pending values included. */
export function editDraft(
  origin: { draftId: string; userId: string; formRev: number },
  point: Point,
  shown: Content,
  now: Date,
): Draft {
  const { concept, geom, attributes, sensitivity } = shown;
  const content: Content = { concept, geom, attributes, sensitivity };
  return {
    id: origin.draftId,
    user_id: origin.userId,
    point_id: point.id,
    theme: point.theme,
    form_rev: origin.formRev,
    content,
    base: { rev: point.rev, status: point.status, content },
    photo_ids: [],
    not_same_as: [],
    started_at: now.toISOString(),
    updated_at: now.toISOString(),
  };
}

/** Whether nothing was put in it yet: such a draft may go without a question. */
export function isEmptyDraft(draft: Draft): boolean {
  const { content, base, photo_ids: photos } = draft;
  if (photos.length > 0) return false;
  if (base) return JSON.stringify(content) === JSON.stringify(base.content);
  // A position that the device found by itself is not the person's work.
  const isPlaced = content.geom !== null && content.geom.source !== 'gps';
  return content.concept === null && Object.keys(content.attributes).length === 0 && !isPlaced;
}
