import * as z from 'zod/mini';

import { type Concept, conceptSchema } from '../domain/concept.ts';
import { type Theme, themeSchema } from '../domain/theme.ts';
import type { Api } from './client.ts';
import type { CallOptions } from './request.ts';

export const themesAnswerSchema = z.object({ contract: z.number(), themes: z.array(themeSchema) });

/** The inventories with their current forms. */
export async function fetchThemes(api: Api, options?: CallOptions): Promise<Theme[]> {
  return (await api.read('themes', {}, themesAnswerSchema, options)).themes;
}

export const thesaurusAnswerSchema = z.object({
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
