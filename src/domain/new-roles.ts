import type { Membership } from './account.ts';

/** A role given longer ago is no news, even on a new device: invitations are open that long. */
const NEWS_DAYS = 14;

/** The roles that an invitation gave since the person was last told, or lately where they never were on this device. */
export function newRoles(
  memberships: readonly Membership[],
  toldAt: string | null,
  now: Date,
): readonly Membership[] {
  const oldest = new Date(now.getTime() - NEWS_DAYS * 86_400_000).toISOString();
  const after = toldAt !== null && toldAt > oldest ? toldAt : oldest;
  return memberships.filter(({ invited_at }) => !!invited_at && Date.parse(invited_at) > Date.parse(after));
}
