import type { Json, JsonRecord } from '../json.ts';
import type { Field } from '../theme.ts';
import { isAnswer } from './answer.ts';
import { visibleItemFields } from './fields.ts';

/** The items of a group's answer: a list of them, a single one, or none. */
export function itemsOf(value: Json | undefined): JsonRecord[] {
  const list = Array.isArray(value) ? value : value == null ? [] : [value];
  return list.filter(
    (item): item is JsonRecord => typeof item === 'object' && item !== null && !Array.isArray(item),
  );
}

/** A list with one item moved by one place, up (-1) or down (1); unchanged at the ends. */
export function moveItem<T>(items: readonly T[], index: number, by: -1 | 1): T[] {
  const moved = [...items];
  const target = index + by;
  if (target < 0 || target >= items.length) return moved;
  moved.splice(target, 0, ...moved.splice(index, 1));
  return moved;
}

/**
 * The items as they are sent: answers to questions that show, without the items that say nothing; null
 * for none. What is no list of items is left as it is, for the validator to refuse.
 */
export function tidyItems(group: Field, value: Json | undefined, attributes: JsonRecord): Json {
  const given = itemsOf(value);
  if (given.length !== (Array.isArray(value) ? value.length : 1)) return value ?? null;
  const items = given
    .map((item) => tidyItem(group, item, attributes))
    .filter((item) => Object.keys(item).length > 0);
  return items.length > 0 ? items : null;
}

/**
 * One item as it is sent: the answers to questions that show. A key that this version of the form does
 * not know is left to the server, which knows past ones.
 */
export function tidyItem(group: Field, item: JsonRecord, attributes: JsonRecord): JsonRecord {
  const known = new Set(group.fields?.map((field) => field.key));
  const shown = new Set(visibleItemFields(group, item, attributes).map((field) => field.key));
  const kept = Object.entries(item).filter(
    ([key, answer]) => isAnswer(answer) && (shown.has(key) || !known.has(key)),
  );
  // What hides takes with it what hangs on it.
  return kept.length === Object.keys(item).length
    ? item
    : tidyItem(group, Object.fromEntries(kept), attributes);
}
