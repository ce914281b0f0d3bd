import * as z from 'zod/mini';

const countSchema = z._default(z.number(), 0);
const standingSchema = z.object({
  enabled: z._default(z.boolean(), false),
  trusted: z._default(z.boolean(), false),
  needed: countSchema,
  in_a_row: countSchema,
  accepted: countSchema,
  corrected: countSchema,
  refused: countSchema,
});
/** What somebody earned in a theme. */
export type Standing = z.infer<typeof standingSchema>;

/** By theme; one that the server tells otherwise is left out as a whole by `readStandings`. */
export const standingsSchema = z._default(z.record(z.string(), standingSchema), {});
export type Standings = z.infer<typeof standingsSchema>;

/** What `me.trust` says, for an account that was kept for weeks: nothing when it cannot be read. */
export function readStandings(trust: unknown): Standings {
  const parsed = standingsSchema.safeParse(trust);
  return parsed.success ? parsed.data : {};
}

/** Contributions still to be taken as they are before the next ones are published at once; 0 when they are. */
export function leftToEarn({ trusted, needed, in_a_row }: Standing): number {
  return trusted ? 0 : Math.max(1, needed - in_a_row);
}
