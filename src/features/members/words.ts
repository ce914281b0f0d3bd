import { formatDay } from '../../i18n/format.ts';
import { m } from '../../i18n/generated/messages.js';
import { type NamesTerritory, roleWords, territoriesWords } from '../../i18n/role-words.ts';
import type { Member, Role, RoleChange } from '../../state/working-groups.svelte.ts';

/** What a member is called: their name, else their address. */
export function memberName({ name, email }: Pick<Member, 'name' | 'email'>): string {
  return name?.trim() || email || m.members_somebody();
}

/** `Modère : Aude, Bize-Minervois`. */
export function scopeWords({ role, territories }: Role, named: NamesTerritory): string {
  return m.members_scope({ role: roleWords(role), territories: territoriesWords(territories, named) });
}

/** When a member's app last spoke to the server, by the day. */
export function seenWords(day: string | null | undefined, today: Date): string {
  if (!day) return m.members_seen_never();
  const days = Math.round((Date.parse(today.toISOString().slice(0, 10)) - Date.parse(day)) / 86_400_000);
  if (days <= 0) return m.members_seen_today();
  return days === 1 ? m.members_seen_yesterday() : m.members_seen({ day: formatDay(day) });
}

/** What changed in a role. */
export function changeWords(change: RoleChange, named: NamesTerritory): string {
  const name = change.name?.trim() || m.members_somebody();
  if (!change.to) return m.members_change_ended({ name });
  const said = {
    name,
    role: roleWords(change.to).toLowerCase(),
    territories: territoriesWords(change.territories ?? [], named),
  };
  return change.from ? m.members_change_changed(said) : m.members_change_given(said);
}

/** When it changed, and by whom; by nobody when the person signed in to take what was offered. */
export function changedWords({ at, actor }: RoleChange): string {
  const day = formatDay(at);
  return actor ? m.members_change_by({ day, actor }) : day;
}
