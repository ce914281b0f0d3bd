import * as z from 'zod/mini';

import { conceptSchema } from '../concept.ts';
import { labelsSchema } from '../language.ts';

const nullishString = z.optional(z.nullable(z.string()));

/** A published photo that shows what a term means. */
export const pictureSchema = z.object({
  id: z.string(),
  url: z.string(),
  thumb_url: z.string(),
  caption: nullishString,
  licence: nullishString,
  author: nullishString,
});
export type TermPicture = z.infer<typeof pictureSchema>;

/** A term with all that whoever edits it sees: phones do without the notes, the notation and the place in the list. */
export const deskConceptSchema = z.object({
  ...conceptSchema.shape,
  /** When to choose the term, and when another. */
  scope_note: z.optional(z.nullable(labelsSchema)),
  change_note: z.optional(z.nullable(z.record(z.string(), z.array(z.string())))),
  notation: nullishString,
  picture: z.optional(z.nullable(pictureSchema)),
  position: z.optional(z.nullable(z.number())),
});
export type DeskConcept = z.infer<typeof deskConceptSchema>;

/** The terms of one vocabulary, by id, as they are edited. */
export type DeskTerms = ReadonlyMap<string, DeskConcept>;
