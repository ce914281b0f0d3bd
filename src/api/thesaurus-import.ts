import * as z from 'zod/mini';

import { labelsSchema } from '../domain/language.ts';
import { LIMITS } from '../domain/limits.ts';
import type { ImportAction } from '../domain/thesaurus/import-action.ts';
import type { Api } from './client.ts';
import { readAnswer } from './request.ts';

const words = z._default(z.record(z.string(), z.array(z.string())), {});
const texts = z._default(labelsSchema, {});
const content = {
  alt: words,
  hidden: words,
  definition: texts,
  scope_note: texts,
  example: texts,
  change_note: words,
  broader: z._default(z.nullable(z.string()), null),
  related: z._default(z.array(z.string()), []),
  matches: words,
  notation: z._default(z.nullable(z.string()), null),
  unverified: z._default(z.array(z.string()), []),
  position: z._default(z.nullable(z.number()), null),
};
const termSchema = z.object({
  id: z.string(),
  labels: labelsSchema,
  status: z.enum(['accepted', 'deprecated']),
  ...content,
});

const issueSchema = z.object({
  code: z.string(),
  line: z.optional(z.number()),
  detail: z.optional(z.string()),
  count: z.optional(z.number()),
});
/** What is wrong, or odd, with a file: a code, the line from 1, what it is about, how often. */
export type ImportIssue = z.infer<typeof issueSchema>;

const sourceSchema = z.object({ uri: z.string(), labels: texts, count: z.number() });
/** A vocabulary that a file holds. */
export type ImportSource = z.infer<typeof sourceSchema>;

const readSchema = z.object({
  scheme: z.nullable(sourceSchema),
  schemes: z.array(sourceSchema),
  concepts: z.array(
    z.extend(termSchema, { uri: z.string(), replaced_by: z._default(z.nullable(z.string()), null) }),
  ),
  faults: z.array(issueSchema),
  warnings: z.array(issueSchema),
});
/** A vocabulary as it was read; nothing of it is written. */
export type ReadFile = z.infer<typeof readSchema>;

const hereSchema = z.object({ rev: z.string(), concepts: z.array(termSchema) });
const deskSchema = z.object({
  role: z.enum(['decide', 'propose']),
  origins: z.record(z.string(), z.looseObject({ uri: z.string() })),
});

const sentSchema = z.object({
  edit: z.nullable(z.looseObject({ state: z.string() })),
  points: z._default(z.number(), 0),
});

/** Reads a file for a vocabulary. Throws `too_large`, `not_allowed`, `unknown_scheme`. */
export async function readVocabularyFile(
  api: Api,
  scheme: string,
  file: { readonly content: ArrayBuffer; readonly type: string; readonly source?: string | undefined },
): Promise<ReadFile> {
  const query = new URLSearchParams({ scheme, ...(file.source ? { source: file.source } : {}) });
  const payload = { content: file.content, headers: { 'content-type': file.type } };
  const options = { timeoutMs: LIMITS.photoTimeoutMs };
  return readAnswer(await api.send(`/functions/v1/thesaurus_import?${query}`, payload, options), readSchema);
}

/** The same of an address, which a function fetches. Throws as above. */
export function readVocabularyAddress(
  api: Api,
  asked: { readonly scheme: string; readonly url: string; readonly source?: string | undefined },
): Promise<ReadFile> {
  return api.invoke('thesaurus_import', asked, readSchema, { timeoutMs: LIMITS.addressTimeoutMs });
}

/** A vocabulary as it is now, with what its sources had said and what the caller may do. Throws `not_allowed`, `unknown_scheme`. */
export async function fetchCompared(api: Api, scheme: string) {
  // The terms first: what is edited between the two is told by their `rev`.
  const { rev, concepts } = await api.call('thesaurus', { scheme }, hereSchema);
  const { role, origins } = await api.call('thesaurus_desk', { scheme }, deskSchema);
  return { rev, concepts, role, origins };
}

/**
 * Sends an import as one edit; the same `id` twice is one. Answers whether it holds at once (`applied`) or waits for the
 * coordination (`proposed`). Throws `invalid_concept`, `not_allowed`, `concept_moved` where somebody edited since.
 */
export async function sendVocabularyImport(
  api: Api,
  edit: { readonly id: string; readonly scheme: string } & ImportAction,
): Promise<{ readonly state: string; readonly points: number }> {
  const { edit: kept, points } = await api.call('thesaurus_edit', edit, sentSchema, {
    timeoutMs: LIMITS.photoTimeoutMs,
  });
  return { state: kept?.state ?? 'applied', points };
}
