import type { PointStatus } from './point.ts';

/** States that the public may read (product rule 1). */
export const PUBLIC_STATUSES = [
  'published',
  'archived',
  'destroyed',
] as const satisfies readonly PointStatus[];
export type PublicStatus = (typeof PUBLIC_STATUSES)[number];

/** Whether a point's content is open to everybody. */
export function isPublicStatus(status: PointStatus): status is PublicStatus {
  return (PUBLIC_STATUSES as readonly PointStatus[]).includes(status);
}
