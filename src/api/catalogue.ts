import * as z from 'zod/mini';

import { type Concept, conceptSchema } from '../domain/concept.ts';
import { themeSchema } from '../domain/theme.ts';
import type { Api } from './client.ts';
import type { CallOptions } from './request.ts';

/** West, south, east, north, degrees. */
const boxSchema = z.optional(z.nullable(z.array(z.nullable(z.number()))));
/** What an app needs to know of the instance before it shows anything. */
export const instanceSchema = z.object({
  /** Names the instance in files that leave it. */
  id: z.optional(z.nullable(z.string())),
  name: z.optional(z.nullable(z.string())),
  public_url: z.optional(z.nullable(z.string())),
  demo: z._default(z.boolean(), false),
  /** Where the map opens: west, south, east, north, degrees. */
  bbox: boxSchema,
  /** Outside of it nothing is taken: west, south, east, north, degrees. */
  extent: boxSchema,
});
export type Instance = z.infer<typeof instanceSchema>;

const themesAnswerSchema = z.object({
  contract: z.number(),
  themes: z.array(themeSchema),
  instance: z.optional(z.nullable(instanceSchema)),
});
export type ThemesAnswer = z.infer<typeof themesAnswerSchema>;

/** The inventories in their order, with their current forms, and the instance. */
export function fetchThemes(api: Api, options?: CallOptions): Promise<ThemesAnswer> {
  return api.read('themes', {}, themesAnswerSchema, options);
}

const thesaurusAnswerSchema = z.object({
  rev: z.union([z.string(), z.number()]),
  concepts: z.array(conceptSchema),
});

/** The terms of a scheme, or of all. */
export async function fetchThesaurus(
  api: Api,
  query: { scheme?: string; since?: string | number } = {},
  options?: CallOptions,
): Promise<{ rev: string | number; concepts: Concept[] }> {
  return api.read('thesaurus', { p: JSON.stringify(query) }, thesaurusAnswerSchema, options);
}
