import type { Describer } from './form/describer.ts';
import { fieldOf } from './form/fields.ts';
import type { Json } from './json.ts';
import { attributePath } from './paths.ts';
import type { Point } from './point.ts';
import { type LeafField, observedField, type Theme } from './theme.ts';

/** The last state in which somebody saw a thing again, in words. */
export interface Observed {
  readonly state: string;
  /** Day, `2026-05-02`. */
  readonly at: string;
  /** What the sheet says, where that is something else; empty where it says nothing. Null: it says the same. */
  readonly sheetSays: string | null;
}

/** The state that somebody tells; null for none, and for "I cannot tell". */
export function observedState(condition: string | null | undefined): string | null {
  return condition && condition !== 'unknown' ? condition : null;
}

/** In what state a point was seen last; null when nobody told. */
export function lastObserved(point: Point, theme: Theme | undefined, describer: Describer): Observed | null {
  const { condition, condition_at: at } = point.confirmations;
  const key = theme ? observedField(theme) : null;
  if (!condition || !at || key === null) return null;
  const said = point.attributes[key] ?? null;
  const say = (value: typeof said) => describer.value(point.theme, attributePath(key), value);
  return { state: say(condition), at, sheetSays: said === condition ? null : say(said) };
}

/** The state that an event of the history tells of, in words; empty for none. */
export function observedInEvent(
  diff: Readonly<Record<string, readonly Json[]>> | null | undefined,
  point: Pick<Point, 'theme'>,
  theme: Theme | undefined,
  describer: Describer,
): string {
  const [, state = null] = diff?.['observed'] ?? [];
  const key = theme ? observedField(theme) : null;
  return key === null ? '' : describer.value(point.theme, attributePath(key), state);
}

/** The states that a theme offers of a thing seen again, in the order of its form; none where it asks for none. */
export function statesOffered(theme: Theme | undefined): NonNullable<LeafField['options']> {
  const key = theme ? observedField(theme) : null;
  const field = theme && key !== null ? fieldOf(theme.form, key) : undefined;
  if (field?.type !== 'choice') return [];
  return (field.options ?? []).filter(
    ({ code, offered }) => offered !== false && observedState(code) !== null,
  );
}
