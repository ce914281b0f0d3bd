import * as z from 'zod/mini';

import { labelsSchema } from './language.ts';

const wordsSchema = z._default(z.record(z.string(), z.array(z.string())), {});
const nullishString = z.optional(z.nullable(z.string()));

/** A term of a thesaurus, SKOS in spirit (contract §5). */
export const conceptSchema = z.object({
  id: z.string(),
  uri: nullishString,
  scheme: z.string(),
  labels: labelsSchema,
  alt: wordsSchema,
  hidden: wordsSchema,
  definition: z.optional(z.nullable(labelsSchema)),
  /** What one looks like: a thing to recognise, not a place. */
  example: z.optional(z.nullable(labelsSchema)),
  broader: z._default(z.nullable(z.string()), null),
  related: z._default(z.array(z.string()), []),
  /** Its code in the vocabulary that it was taken from. */
  notation: nullishString,
  matches: z._default(z.record(z.string(), z.array(z.string())), {}),
  /** Languages whose label no source has validated: searched, never shown. */
  unverified: z._default(z.array(z.string()), []),
  status: z._default(z.enum(['accepted', 'deprecated']), 'accepted'),
  replaced_by: z._default(z.nullable(z.string()), null),
});
export type Concept = z.infer<typeof conceptSchema>;
