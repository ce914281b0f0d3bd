import * as z from 'zod/mini';

import type { Decision } from './decision.ts';
import { historyEventSchema } from './history-event.ts';
import { type Json, jsonSchema } from './json.ts';
import { readPath } from './paths.ts';
import { geomSchema, type Point, pointSchema, type PointStatus } from './point.ts';
import { type QueueItem, queueItemSchema, type QueueKind } from './queue-item.ts';

const nullishString = z.optional(z.nullable(z.string()));
const orNull = (value: Json | undefined) => value ?? null;
const value = z.pipe(z.optional(jsonSchema), z.transform(orNull));

const changeSchema = z.object({
  path: z.string(),
  /** What its author saw. */
  before: value,
  after: value,
  change: z.enum(['added', 'changed', 'removed']),
  /** What the point says instead since its author saw it; absent where it still says the same. */
  now: z.optional(jsonSchema),
});
/** One field of what is proposed. */
export type Change = z.infer<typeof changeSchema>;

const candidateSchema = z.object({
  point: pointSchema,
  distance_m: z.nullable(z.number()),
  score: z.nullable(z.number()),
  why: z.array(z.string()),
  /** Which of the two the server would keep; absent where it does not say. */
  survivor: z.optional(
    z.nullable(z.object({ id: z.string(), why: z.enum(['published', 'richer', 'older']) })),
  ),
});
/** A point that may be the same thing. */
export type ReviewCandidate = z.infer<typeof candidateSchema>;

const messageSchema = z.object({
  at: nullishString,
  actor: nullishString,
  actor_kind: nullishString,
  mine: z._default(z.boolean(), false),
  action: z.string(),
  reason: nullishString,
  text: z.string(),
});
export type Message = z.infer<typeof messageSchema>;

/** All that is needed to decide on one item. */
export const reviewSchema = z.object({
  point: pointSchema,
  /** Null: nothing waits any more. */
  item: z.nullable(queueItemSchema),
  others: z._default(
    z.array(z.object({ kind: z.string(), id: z.string(), waiting_since: nullishString })),
    [],
  ),
  may_decide: z._default(z.nullable(z.boolean()), null),
  changes: z._default(z.array(changeSchema), []),
  moved: z.optional(
    z.nullable(z.object({ from: geomSchema, to: geomSchema, distance_m: z.nullable(z.number()) })),
  ),
  author: z.optional(
    z.nullable(
      z.object({
        id: z.string(),
        name: nullishString,
        accepted: z.number(),
        corrected: z.number(),
        refused: z.number(),
        in_a_row: z._default(z.number(), 0),
        since: nullishString,
      }),
    ),
  ),
  report: z.optional(
    z.nullable(
      z.object({
        id: z.string(),
        /** gone, problem, audit. */
        kind: z.string(),
        about: nullishString,
        text: nullishString,
        at: nullishString,
        photo_path: nullishString,
        wants_answer: z._default(z.nullable(z.boolean()), false),
      }),
    ),
  ),
  /** Null: not known on this device. */
  candidates: z._default(z.nullable(z.array(candidateSchema)), null),
  events: z._default(z.array(historyEventSchema), []),
  thread: z._default(z.array(messageSchema), []),
});
export type Review = z.infer<typeof reviewSchema>;

/** What this device can say of an item without the server: the point, and what an edit proposes. */
export function reviewOfPoint(point: Point, item: QueueItem): Review {
  const revision = point.pending.find((one) => one.revision_id === item.revision_id);
  const to = revision?.patch['geom'];
  const geom = to ? geomSchema.safeParse(to) : null;
  return {
    point,
    item,
    others: [],
    may_decide: !item.mine,
    changes: revision ? changesOf(point, revision.patch, revision.base) : [],
    moved: geom?.success ? { from: point.geom, to: geom.data, distance_m: null } : null,
    author: null,
    report: null,
    candidates: null,
    events: [],
    thread: [],
  };
}

function changesOf(point: Point, patch: Point['attributes'], base: Point['attributes']): Change[] {
  return Object.entries(patch).map(([path, after]) => {
    const before = base[path] ?? null;
    const now = readPath(point, path);
    const change = before === null ? 'added' : after === null ? 'removed' : 'changed';
    const isSame = JSON.stringify(now) === JSON.stringify(before);
    return { path, before, after, change, ...(isSame ? {} : { now }) };
  });
}

/**
 * Whether an item is a report that this device knows of only from its point, without what it says:
 * nobody decides on what they cannot read.
 */
export function isUnread(item: QueueItem | null, review: Review): boolean {
  const isReport = item?.kind === 'gone' || item?.kind === 'report';
  return isReport && review.report == null && review.candidates === null;
}

/** Whether it is this person's to decide: the review says, since a theme may let people decide on their own; until it is read, the list. */
export function mayDecide(item: QueueItem | null, review: Review | null): boolean {
  return review?.may_decide ?? item?.mine !== true;
}

/** What a moderator may decide about an item, the usual one first; of no item, about the point itself. */
export function decisionsFor(kind: QueueKind | null, status: PointStatus): readonly Decision[] {
  switch (kind) {
    case 'new':
      return ['publish', 'to_complete', 'duplicate', 'reject'];
    case 'edit':
      // Beside a point that is public no more, a proposal can only be closed.
      return status === 'published' ? ['publish', 'reject'] : ['reject'];
    case 'photo':
      return ['publish', 'reject'];
    case 'gone':
    case 'report':
      if (status === 'published') return ['dismiss', 'duplicate', 'archive', 'destroy'];
      return ['dismiss'];
    case null:
      return decisionsOn(status);
  }
}

function decisionsOn(status: PointStatus): readonly Decision[] {
  if (status === 'published') return ['duplicate', 'archive', 'destroy'];
  const hasWayBack = ['archived', 'destroyed', 'duplicate', 'rejected', 'to_complete'].includes(status);
  return hasWayBack ? ['restore'] : [];
}

/** Whether a moderator may put the content right in the same breath. */
export function mayCorrect(kind: QueueKind | null, status: PointStatus): boolean {
  return status === 'published' || (status === 'submitted' && kind === 'new');
}
