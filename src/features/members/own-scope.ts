import type { Me } from '../../domain/account.ts';

/** Territories over which the person coordinates a group: nobody gives more than that. */
export function ownScope(me: Me | null, group: string): readonly string[] {
  const held = me?.memberships.find((one) => one.group === group && one.role === 'coordinator');
  return held?.territories ?? [];
}
