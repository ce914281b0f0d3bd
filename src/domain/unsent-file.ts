import * as z from 'zod/mini';

import { mutationSchema } from './mutation.ts';

const bytesSchema = z.string().check(z.regex(/^[A-Za-z0-9+/]*={0,2}$/));

const unsentPhotoSchema = z.object({
  id: z.string(),
  point_id: z.string(),
  sha256: z.string(),
  mime: z.string(),
  size: z.number(),
  width: z.number(),
  height: z.number(),
  taken_at: z.string(),
  licence: z.string(),
  caption: z.nullable(z.string()),
  undecoded: z.optional(z.boolean()),
  /** Base64; null when only the thumbnail is left. */
  bytes: z.nullable(bytesSchema),
  thumb: z.nullable(bytesSchema),
});
export type UnsentPhoto = z.infer<typeof unsentPhotoSchema>;

/**
 * The file in which a device hands over everything it could not send, photos included. Mutations
 * keep their ids and their exact text, so that bringing it back twice doubles nothing.
 */
export const unsentFileSchema = z.object({
  format: z.literal('capitelle-unsent'),
  version: z.literal(1),
  user_id: z.string(),
  exported_at: z.string(),
  mutations: z.array(
    z.object({ mutation: mutationSchema, frozen: z.nullable(z.string()), saved_at: z.string() }),
  ),
  photos: z.array(unsentPhotoSchema),
});
export type UnsentFile = z.infer<typeof unsentFileSchema>;
