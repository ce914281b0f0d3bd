import type { Draft } from './draft.ts';
import type { JsonRecord } from './json.ts';

/**
 * One draft written in two windows: what changed here since `before` goes over what is there, field by
 * field and answer by answer; photos added on either side stay, those deleted on either side go.
 */
export function mergeDrafts(before: Draft, here: Draft, there: Draft): Draft {
  const merged = { ...there, ...changesBetween(before, here) };
  return {
    ...merged,
    attributes: mergeAnswers(before.attributes, here.attributes, there.attributes),
    photo_ids: mergeList(before.photo_ids, here.photo_ids, there.photo_ids),
    not_same_as: mergeList(before.not_same_as, here.not_same_as, there.not_same_as),
    ...(here.observes && there.observes
      ? { observes: { ...there.observes, ...changesBetween(before.observes ?? {}, here.observes) } }
      : {}),
    updated_at: here.updated_at > there.updated_at ? here.updated_at : there.updated_at,
  };
}

/** Whether nothing differs between two states of a draft. */
export function isSameDraft(a: Draft, b: Draft): boolean {
  return a === b || isSame(a, b);
}

function mergeAnswers(before: JsonRecord, here: JsonRecord, there: JsonRecord): JsonRecord {
  const isTakenBack = (key: string) => key in before && !(key in here);
  const kept = Object.entries(there).filter(([key]) => !isTakenBack(key));
  return { ...Object.fromEntries(kept), ...(changesBetween(before, here) as JsonRecord) };
}

/** In the order of the side that changed, this one first. */
function mergeList(before: readonly string[], here: readonly string[], there: readonly string[]): string[] {
  if (isSame(before, here)) return [...there];
  const isGone = (id: string) => before.includes(id) && !(here.includes(id) && there.includes(id));
  return [...new Set([...here, ...there])].filter((id) => !isGone(id));
}

function changesBetween<T extends object>(before: object, here: T): Partial<T> {
  const was = before as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(here).filter(([key, value]) => !isSame(value, was[key])),
  ) as Partial<T>;
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
