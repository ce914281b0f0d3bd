import { m } from './generated/messages.js';

const ROLES: Readonly<Record<string, () => string>> = {
  contributor: m.members_role_contributor,
  moderator: m.members_role_moderator,
  coordinator: m.members_role_coordinator,
};

const LEVELS: Readonly<Record<string, () => string>> = {
  departement: m.members_level_departement,
  epci: m.members_level_epci,
  commune: m.members_level_commune,
};

/** What somebody does in a group: `Modère`. The role itself when a newer server invented it. */
export function roleWords(role: string | null | undefined): string {
  return role ? (ROLES[role]?.() ?? role) : m.members_role_none();
}

/** What kind of territory it is. */
export function levelWords(level: string): string {
  return LEVELS[level]?.() ?? level;
}

/** What tells the name of a territory from its code, as far as it is known. */
export type NamesTerritory = (code: string) => { readonly name: string } | undefined;

/** `tout le territoire`, or `Aude, Bize-Minervois`: a code where the name is not known. */
export function territoriesWords(codes: readonly string[], named: NamesTerritory): string {
  if (codes.includes('*')) return m.members_everywhere();
  return codes.map((code) => named(code)?.name ?? code).join(', ');
}
