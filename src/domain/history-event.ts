import * as z from 'zod/mini';

import { jsonSchema } from './json.ts';

const nullishString = z.optional(z.nullable(z.string()));

/** One line of a point's history, as the reader may know it. */
export const historyEventSchema = z.object({
  at: nullishString,
  actor: nullishString,
  action: z.string(),
  from: nullishString,
  to: nullishString,
  reason: nullishString,
  comment: nullishString,
  actor_kind: nullishString,
  rev: z.optional(z.nullable(z.number())),
  diff: z.optional(z.nullable(z.record(z.string(), z.array(jsonSchema)))),
});
export type HistoryEvent = z.infer<typeof historyEventSchema>;

/** What happened to the content since somebody saw it as `rev`: what made their decision old. */
export function eventsSince(events: readonly HistoryEvent[], rev: number): HistoryEvent[] {
  return events.filter((event) => event.rev != null && event.rev > rev);
}
