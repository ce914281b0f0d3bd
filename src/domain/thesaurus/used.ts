import { LIMITS } from '../limits.ts';

/** A term that the person gave to a point of theirs: how often, and when for the last time. */
export interface UsedTerm {
  readonly concept: string;
  readonly count: number;
  readonly last_at: string;
}

const DAY_MS = 86_400_000;

/** The list with one more use of a term; those least used go first when it is full. */
export function noteUse(list: readonly UsedTerm[], concept: string, now: Date): UsedTerm[] {
  const known = list.find((one) => one.concept === concept);
  const used = { concept, count: (known?.count ?? 0) + 1, last_at: now.toISOString() };
  return byUse([used, ...list.filter((one) => one !== known)], now).slice(0, LIMITS.usedTerms);
}

/** Recent and frequent first: a use counts half as much after each month. */
export function byUse(list: readonly UsedTerm[], now: Date): UsedTerm[] {
  return [...list].sort((a, b) => weightOf(b, now) - weightOf(a, now) || (a.last_at < b.last_at ? 1 : -1));
}

function weightOf({ count, last_at }: UsedTerm, now: Date): number {
  const days = Math.max(0, now.getTime() - new Date(last_at).getTime()) / DAY_MS;
  return count * 0.5 ** (days / LIMITS.useHalvesAfterDays);
}

/** How much each term is used, 0 to 1, the most used being 1. */
export function useShares(list: readonly UsedTerm[], now: Date): ReadonlyMap<string, number> {
  const weights = list.map((one) => [one.concept, weightOf(one, now)] as const);
  const most = Math.max(...weights.map(([, weight]) => weight));
  return new Map(weights.map(([concept, weight]) => [concept, most > 0 ? weight / most : 0]));
}
