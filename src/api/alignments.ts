import * as z from 'zod/mini';

import type { Api } from './client.ts';

const nullableId = z._default(z.nullable(z.string()), null);

const alignmentsSchema = z.object({
  /** In the order in which they were made. */
  decisions: z.array(z.object({ source: z.string(), value: z.string(), concept: nullableId })),
  /** Databases that were aligned, the latest first. */
  sources: z.array(z.object({ source: z.string(), values: z.number(), at: z.string() })),
  /** Words that were proposed from the source, and what became of each. */
  words: z.array(
    z.object({
      text: z.string(),
      state: z.enum(['proposed', 'accepted', 'refused']),
      concept: nullableId,
    }),
  ),
});
/** What was decided before of the values of other databases. */
export type Alignments = z.infer<typeof alignmentsSchema>;

/** Reads it for one source, with what other sources say; for all when none is given. Throws `not_allowed`, `unknown_scheme`. */
export function fetchAlignments(api: Api, scheme: string, source?: string): Promise<Alignments> {
  return api.call('thesaurus_alignments', { scheme, source: source ?? null }, alignmentsSchema);
}

/** What a value means: a concept, none of the scheme's, or not decided any more. */
export type AlignmentDeed =
  | { readonly value: string; readonly concept: string | null }
  | { readonly value: string; readonly forget: true };

/** Keeps decisions, 1 000 at most. Sent again they change nothing. Throws `not_allowed`, `unknown_concept`, `offline`. */
export async function sendAlignments(
  api: Api,
  scheme: string,
  source: string,
  decisions: readonly AlignmentDeed[],
): Promise<void> {
  await api.call('thesaurus_align', { scheme, source, decisions }, z.object({ changed: z.number() }));
}

/** A word that a vocabulary lacks, and how many rows have it. */
export interface WordOfSource {
  readonly text: string;
  readonly lang: string;
  readonly count: number;
}

/** Proposes words, 200 at most; one that waits already is proposed once. Throws `not_allowed`, `offline`. */
export async function proposeWords(
  api: Api,
  scheme: string,
  source: string,
  terms: readonly WordOfSource[],
): Promise<void> {
  const answer = z.object({ words: z.array(z.object({ text: z.string() })) });
  await api.call('thesaurus_propose', { scheme, source, terms }, answer);
}
