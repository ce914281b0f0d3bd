import * as z from 'zod/mini';

import { jsonRecordSchema, jsonSchema } from './json.ts';

export const POINT_STATUSES = [
  'draft',
  'submitted',
  'to_complete',
  'rejected',
  'withdrawn',
  'published',
  'archived',
  'destroyed',
  'duplicate',
] as const;
export const pointStatusSchema = z.enum(POINT_STATUSES);
export type PointStatus = z.infer<typeof pointStatusSchema>;

const GEOM_SOURCES = ['gps', 'map', 'exif', 'typed', 'import', 'blurred'] as const;

/** Where a point is: WGS84 degrees, accuracy in metres. One field: it moves as a whole. */
export const geomSchema = z.object({
  lon: z.number().check(z.gte(-180), z.lte(180)),
  lat: z.number().check(z.gte(-90), z.lte(90)),
  accuracy_m: z.optional(z.nullable(z.number())),
  source: z.enum(GEOM_SOURCES),
  heading_deg: z.optional(z.nullable(z.number())),
  moved_m: z.optional(z.nullable(z.number())),
});
export type Geom = z.infer<typeof geomSchema>;

const SENSITIVITIES = ['open', 'blurred', 'hidden'] as const;
export const sensitivitySchema = z.enum(SENSITIVITIES);
export type Sensitivity = z.infer<typeof sensitivitySchema>;

const nullishString = z.optional(z.nullable(z.string()));

/** A photo of a point. `path` in the private bucket, `url` once public. */
const photoSchema = z.object({
  id: z.string(),
  state: z.string(),
  width: z.number(),
  height: z.number(),
  caption: nullishString,
  licence: nullishString,
  author: nullishString,
  /** Whether the caller took it. */
  mine: z.optional(z.boolean()),
  taken_on: nullishString,
  path: nullishString,
  thumb_path: nullishString,
  url: nullishString,
  thumb_url: nullishString,
});
export type Photo = z.infer<typeof photoSchema>;

/** A proposed change waiting beside a published point. */
const pendingRevisionSchema = z.object({
  revision_id: z.string(),
  base_rev: z.number(),
  base: z._default(jsonRecordSchema, {}),
  patch: z._default(jsonRecordSchema, {}),
  state: z.string(),
  mine: z._default(z.boolean(), false),
  author: nullishString,
  at: nullishString,
});
export type PendingRevision = z.infer<typeof pendingRevisionSchema>;

/** A field on which two people disagree: the server's value stays until someone resolves it. */
export const conflictSchema = z.object({
  mutation_id: z.string(),
  field: z.string(),
  base: jsonSchema,
  mine: jsonSchema,
  theirs: jsonSchema,
  at: nullishString,
  /** Who gave `theirs`, and when; absent where the server does not tell. */
  theirs_by: z.optional(z.nullable(z.object({ kind: z.string(), name: nullishString }))),
  theirs_at: nullishString,
  /** Whether the caller is the one who sent `mine`; absent: they are. */
  own: z.optional(z.boolean()),
});
export type Conflict = z.infer<typeof conflictSchema>;

/** The last decision taken on a point, as its author and moderators see it. */
const lastDecisionSchema = z.object({
  decision: z.string(),
  reason: nullishString,
  comment: nullishString,
  at: nullishString,
});
const sourceSchema = z.object({
  producer: nullishString,
  source_id: nullishString,
  licence: nullishString,
  delivered_on: nullishString,
});
/** What became of the caller's own edit of a published point. */
const proposalSchema = z.object({
  revision_id: z.string(),
  state: z.string(),
  reason: nullishString,
  comment: nullishString,
  accepted: z._default(z.array(z.string()), []),
  at: nullishString,
});
/** A word that somebody proposed for what they did not find in the thesaurus. */
const proposedTermSchema = z.object({
  mutation_id: z.string(),
  scheme: z.string(),
  text: z.string(),
  lang: z.string(),
  broader: nullishString,
  note: nullishString,
  /** proposed, accepted, refused; a newer server may say more. */
  state: z.string(),
  /** The concept that came of it. */
  concept: nullishString,
  /** Why it was refused. */
  reason: nullishString,
  mine: z._default(z.boolean(), false),
  author: nullishString,
  at: nullishString,
});
export type ProposedTerm = z.infer<typeof proposedTermSchema>;

/** How often it was seen again, when last, and the last state in which it was seen, which its sheet need not say. */
const confirmationsSchema = z.object({
  count: z.number(),
  last_at: nullishString,
  /** A code of the answer that the theme asks of a thing seen again. */
  condition: nullishString,
  condition_at: nullishString,
});

/** The row of contract §2: one thing on the ground, as the caller may see it. */
export const pointSchema = z.object({
  id: z.string(),
  rev: z.number(),
  v: z.number(),
  theme: z.string(),
  status: pointStatusSchema,
  concept: z._default(z.nullable(z.string()), null),
  geom: geomSchema,
  attributes: z._default(jsonRecordSchema, {}),
  commune: z._default(z.nullable(z.string()), null),
  sensitivity: z._default(sensitivitySchema, 'open'),
  mine: z._default(z.boolean(), false),
  author: z._default(z.nullable(z.string()), null),
  captured_at: nullishString,
  received_at: nullishString,
  updated_at: nullishString,
  expected_photos: z._default(z.number(), 0),
  photos: z._default(z.array(photoSchema), []),
  confirmations: z._default(confirmationsSchema, { count: 0 }),
  pending: z._default(z.array(pendingRevisionSchema), []),
  conflicts: z._default(z.array(conflictSchema), []),
  decision: z._default(z.nullable(lastDecisionSchema), null),
  duplicate_of: z._default(z.nullable(z.string()), null),
  source: z._default(z.nullable(sourceSchema), null),
  form_rev: z.optional(z.nullable(z.number())),
  /** Public sync cell; null when the public may not see the point. */
  cell: nullishString,
  /** Whether the caller made the point or gave something to it: it is then in `u:me`. */
  involved: z.optional(z.boolean()),
  /** For moderators in scope: what waits for a decision; it is in `m:me` while not empty. */
  waiting: z.optional(z.nullable(z.array(z.string()))),
  proposals: z._default(z.array(proposalSchema), []),
  /** Terms proposed for it: the caller's own, or all of them for a moderator in scope. */
  proposed_terms: z.optional(z.array(proposedTermSchema)),
});
export type Point = z.infer<typeof pointSchema>;

/** The public address of the small copy of its first picture; null when it has none. */
export function firstThumb(point: Pick<Point, 'photos'>): string | null {
  return point.photos.find((photo) => photo.thumb_url)?.thumb_url ?? null;
}
