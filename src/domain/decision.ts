import * as z from 'zod/mini';

/** What a moderator may decide about a point, a revision or a report. */
const DECISIONS = [
  'publish',
  'reject',
  'to_complete',
  'duplicate',
  'archive',
  'destroy',
  'restore',
  'dismiss',
] as const;
export type Decision = (typeof DECISIONS)[number];

export const decisionSchema = z.enum(DECISIONS);

const NEED_A_REASON: readonly Decision[] = ['reject', 'to_complete', 'duplicate', 'archive', 'destroy'];

/** Whether the server refuses this decision without a reason code (contract §4). */
export function needsReason(decision: Decision): boolean {
  return NEED_A_REASON.includes(decision);
}
