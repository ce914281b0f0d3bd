import * as z from 'zod/mini';

import type { DecideMutation } from './mutation.ts';

/** What a queue item asks a moderator to look at. */
export const QUEUE_KINDS = ['new', 'edit', 'photo', 'gone', 'report'] as const;
export type QueueKind = (typeof QUEUE_KINDS)[number];

const nullishString = z.optional(z.nullable(z.string()));

const leaseSchema = z.object({
  holder: nullishString,
  until: nullishString,
  /** Whether the caller holds it. */
  mine: z._default(z.boolean(), false),
});

/** One thing that waits for a decision (contract §4). */
export const queueItemSchema = z.object({
  point_id: z.string(),
  revision_id: nullishString,
  report_id: nullishString,
  kind: z.enum(QUEUE_KINDS),
  /** The caller's own contribution: somebody else decides. */
  mine: z._default(z.boolean(), false),
  theme: z.string(),
  concept: z.nullable(z.string()),
  commune: z.nullable(z.string()),
  /** Name given to the thing; null when it has none. */
  title: nullishString,
  commune_name: nullishString,
  waiting_since: z.string(),
  author: nullishString,
  /** What asks for the other items of that person. */
  author_id: nullishString,
  rev: z.optional(z.number()),
  expected_photos: z._default(z.number(), 0),
  stored_photos: z._default(z.number(), 0),
  candidates: z._default(z.number(), 0),
  lease: z.optional(z.nullable(leaseSchema)),
  /** Small picture: its public address, or its place in the private bucket. */
  thumb_url: nullishString,
  thumb_path: nullishString,
});
export type QueueItem = z.infer<typeof queueItemSchema>;

/** What it takes to ask for one item: a point may wait several times. */
export type ItemRef = Pick<QueueItem, 'point_id' | 'revision_id' | 'report_id'>;

/** What one item is called: its point, followed by the revision, the report or the kind. */
export function itemKey(item: ItemRef & Pick<QueueItem, 'kind'>): string {
  return `${item.point_id}~${item.revision_id ?? item.report_id ?? item.kind}`;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What an address names: an item by its key, or a point alone. Null for anything else. */
export function refOfKey(key: string): { pointId: string; rest: string | null } | null {
  const [pointId = '', rest = null] = key.split('~');
  return UUID.test(pointId) ? { pointId, rest } : null;
}

/** Whether a decision answers an item: it then waits no more. */
export function isAnsweredBy(item: QueueItem, decide: DecideMutation): boolean {
  if (item.point_id !== decide.point_id || decide.decision === 'restore') return false;
  if (decide.revision_id !== undefined) return item.revision_id === decide.revision_id;
  if (decide.report_id !== undefined) return item.report_id === decide.report_id;
  const isReport = item.kind === 'gone' || item.kind === 'report';
  if (decide.decision === 'dismiss') return isReport;
  if (['archive', 'destroy', 'duplicate'].includes(decide.decision)) return item.kind !== 'edit';
  if (item.kind === 'photo') return decide.photos_seen?.length !== 0;
  // Correcting a published point answers what was said against it.
  return item.kind === 'new' || (isReport && decide.correction !== undefined);
}
