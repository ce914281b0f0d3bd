import * as z from 'zod/mini';

import { mutationSchema } from './mutation.ts';

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
  undecoded: z.optional(z.boolean()),
  /** Where its bytes are in the archive; null when only the thumbnail is left. */
  file: z.nullable(z.string()),
  thumb: z.nullable(z.string()),
});
export type UnsentPhoto = z.infer<typeof unsentPhotoSchema>;

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
});
export type UnsentFile = z.infer<typeof unsentFileSchema>;
