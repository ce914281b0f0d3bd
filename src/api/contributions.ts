import * as z from 'zod/mini';

import { standingsSchema } from '../domain/standing.ts';
import type { Api } from './client.ts';
import type { CallOptions } from './request.ts';

const nullishString = z.optional(z.nullable(z.string()));
/** Times that a public sheet was opened, by year. */
const viewsSchema = z.optional(z.nullable(z.record(z.string(), z.number())));

const contributionSchema = z.object({
  point_id: z.string(),
  theme: z.string(),
  title: nullishString,
  concept: nullishString,
  commune_name: nullishString,
  /** Null, as are its names, where the point is not shown to them any more. */
  status: nullishString,
  kind: nullishString,
  decision: z.string(),
  /** `accepted`, `corrected`, `refused`; null for what is none of them. */
  outcome: nullishString,
  reason: nullishString,
  comment: nullishString,
  at: z.string(),
  /** What its author may do now. */
  todo: z.optional(z.nullable(z.enum(['complete', 'resubmit']))),
  views: viewsSchema,
});
/** A decision on something that the caller gave. */
export type Contribution = z.infer<typeof contributionSchema>;

const contributionsSchema = z.object({
  items: z.array(contributionSchema),
  standing: standingsSchema,
  views: viewsSchema,
  next: z.nullable(z.string()),
});
export type ContributionsPage = z.infer<typeof contributionsSchema>;

/** What became of the caller's contributions, the latest decision first. */
export function fetchContributions(
  api: Api,
  query: { after?: string; limit?: number } = {},
  options?: CallOptions,
): Promise<ContributionsPage> {
  return api.call('my_contributions', query, contributionsSchema, options);
}
