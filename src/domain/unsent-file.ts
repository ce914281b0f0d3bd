import * as z from 'zod/mini';

import type { Draft } from './draft.ts';
import { jsonRecordSchema } from './json.ts';
import { mutationSchema } from './mutation.ts';
import { geomSchema, pointSchema, sensitivitySchema } from './point.ts';

/** Name of the list in the archive; what it names is beside it. */
export const UNSENT_LIST = 'unsent.json';

const unsentPhotoSchema = z.object({
  id: z.string(),
  point_id: z.string(),
  sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  mime: z.string(),
  size: z.number(),
  width: z.number(),
  height: z.number(),
  taken_at: z.string(),
  licence: z.string(),
  caption: z.nullable(z.string()),
  rank: z.optional(z.number()),
  /** The edit or observation that brings it. */
  given_with: z.optional(z.string()),
  /** Where the photo says that it was taken, until its author made up their mind about it. */
  found_at: z.optional(
    z.nullable(z.object({ lon: z.number(), lat: z.number(), accuracyMeters: z.nullable(z.number()) })),
  ),
  undecoded: z.optional(z.boolean()),
  /** As the camera gave it: still to be made smaller. */
  raw: z.optional(z.boolean()),
  /** Where its bytes are in the archive; null when only the thumbnail is left. */
  file: z.nullable(z.string()),
  thumb: z.nullable(z.string()),
});
export type UnsentPhoto = z.infer<typeof unsentPhotoSchema>;

const termSchema = z.nullable(
  z.object({
    scheme: z.string(),
    text: z.string(),
    lang: z.string(),
    broader: z.exactOptional(z.string()),
    note: z.exactOptional(z.string()),
  }),
);

const draftSchema: z.ZodMiniType<Draft> = z.object({
  id: z.string(),
  user_id: z.string(),
  theme: z.string(),
  concept: z.nullable(z.string()),
  geom: z.nullable(geomSchema),
  sensitivity: sensitivitySchema,
  attributes: jsonRecordSchema,
  photo_ids: z.array(z.string()),
  seen: z.nullable(pointSchema),
  form_rev: z.number(),
  not_same_as: z.array(z.string()),
  maybe_same_as: z.exactOptional(z.array(z.string())),
  term: z.exactOptional(termSchema),
  resolves: z.exactOptional(z.array(z.string())),
  series: z.exactOptional(
    z.object({
      steps: z.array(
        z.object({
          point_id: z.string(),
          mutation_id: z.string(),
          lon: z.number(),
          lat: z.number(),
          title: z.nullable(z.string()),
        }),
      ),
      inherited: z.object({
        concept: z.nullable(z.string()),
        attributes: jsonRecordSchema,
        term: z.exactOptional(termSchema),
      }),
    }),
  ),
  observes: z.exactOptional(
    z.object({ point_id: z.string(), found: z.boolean(), condition: z.nullable(z.string()) }),
  ),
  created_at: z.string(),
  updated_at: z.string(),
});

/**
 * The list of an archive in which a device hands over everything it could not send, photos beside it.
 * Mutations keep their ids and their exact text, so that bringing it back twice doubles nothing.
 */
export const unsentFileSchema = z.object({
  format: z.literal('capitelle-unsent'),
  version: z.literal(2),
  /** Id of the instance that the work is for; null when this device never learnt it. */
  instance: z.nullable(z.string()),
  user_id: z.string(),
  exported_at: z.string(),
  mutations: z.array(
    z.object({ mutation: mutationSchema, frozen: z.nullable(z.string()), saved_at: z.string() }),
  ),
  photos: z.array(unsentPhotoSchema),
  /** What is not finished: for its author alone, no server knows of it. */
  drafts: z._default(z.array(draftSchema), []),
  draft_photos: z._default(z.array(unsentPhotoSchema), []),
});
export type UnsentFile = z.infer<typeof unsentFileSchema>;
