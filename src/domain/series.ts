import type { Draft, Series, SeriesStep } from './draft.ts';
import { fieldOf } from './form/fields.ts';
import { distanceMeters, type Position } from './geo/distance.ts';
import type { JsonRecord } from './json.ts';
import { LIMITS } from './limits.ts';
import { type Theme, titleField } from './theme.ts';

/** Whether things of this theme stand in rows. */
export function hasSeries(theme: Theme): boolean {
  return Boolean(theme.settings['series']);
}

/**
 * What the next point takes over: its term, or the word proposed for it, and all answers but its number,
 * which goes up by one, long texts, and what the theme says is each thing's own (setting `series.fresh`:
 * a defect).
 */
export function inheritedBy(draft: Draft, theme: Theme): Series['inherited'] {
  const title = titleField(theme);
  const { series } = theme.settings;
  const fresh =
    typeof series === 'object' && series !== null && !Array.isArray(series) ? series['fresh'] : [];
  const isOwn = (key: string) =>
    (Array.isArray(fresh) && fresh.includes(key)) || fieldOf(theme.form, key)?.type === 'long_text';
  const attributes: JsonRecord = {};
  for (const [key, value] of Object.entries(draft.attributes)) {
    if (key === title) {
      const next = nextNumber(value);
      if (next !== null) attributes[key] = next;
    } else if (!isOwn(key)) attributes[key] = value;
  }
  return { concept: draft.concept, attributes, ...(draft.term ? { term: draft.term } : {}) };
}

/**
 * What the next point takes over where the one under way turned out to be known: what this one inherited, under the
 * number after the known one's, where that has one.
 */
export function inheritedPast(series: Series, known: JsonRecord, theme: Theme): Series['inherited'] {
  const title = titleField(theme);
  const next = title === null ? null : nextNumber(known[title]);
  if (title === null || next === null) return series.inherited;
  return { ...series.inherited, attributes: { ...series.inherited.attributes, [title]: next } };
}

/** The number after one: `EP-0099` → `EP-0100`; the last digits count, as wide as they were. Null without any. */
export function nextNumber(number: unknown): string | null {
  const [, before = '', digits, after = ''] =
    typeof number === 'string' ? (/^(.*?)(\d+)(\D*)$/s.exec(number.trim()) ?? []) : [];
  if (digits === undefined) return null;
  return `${before}${(BigInt(digits) + 1n).toString().padStart(digits.length, '0')}${after}`;
}

/**
 * What changes in a draft when the last point of its series is taken back: it follows the one before, under
 * its number, unless the person has typed another one.
 */
export function steppedBack(draft: Draft, titleKey: string | null): Partial<Draft> {
  const { series, attributes } = draft;
  const last = series?.steps.at(-1);
  if (!series || !last) return {};
  const number = titleKey === null || last.title === null ? {} : { [titleKey]: last.title };
  const isInherited = titleKey !== null && attributes[titleKey] === series.inherited.attributes[titleKey];
  const inherited = { ...series.inherited, attributes: { ...series.inherited.attributes, ...number } };
  return {
    series: { steps: series.steps.slice(0, -1), inherited },
    attributes: isInherited ? { ...attributes, ...number } : attributes,
  };
}

/**
 * The way back of `steppedBack`: the point taken back is the last of the series again, as the draft before
 * (`before`) had it, and this one has the number after it, unless the person has typed another one.
 */
export function steppedForth(draft: Draft, before: Draft, titleKey: string | null): Partial<Draft> {
  const { series, attributes } = draft;
  const last = before.series?.steps.at(-1);
  if (!series || !before.series || !last) return {};
  const { inherited } = before.series;
  const isInherited = titleKey !== null && attributes[titleKey] === series.inherited.attributes[titleKey];
  const number = titleKey === null ? undefined : inherited.attributes[titleKey];
  return {
    series: { steps: [...series.steps, last], inherited },
    attributes: isInherited && number !== undefined ? { ...attributes, [titleKey]: number } : attributes,
  };
}

/** How far a point is from the previous one of its series. */
export interface Spacing {
  readonly meters: number;
  /** Much more or less than the others: one was forgotten, or captured twice. */
  readonly isOdd: boolean;
}

/**
 * Spacing of a place from the last step; null for the first. Odd: out of half to twice the middle of
 * the series' own spacings, or, while there are not two, out of what is usual along a street; by more
 * than the accuracy of the position explains.
 */
export function spacingOf(
  steps: readonly SeriesStep[],
  place: Position & { readonly accuracy_m?: number | null | undefined },
): Spacing | null {
  const last = steps.at(-1);
  if (!last) return null;
  const meters = distanceMeters(last, place);
  const known = steps.slice(1).map((step, index) => distanceMeters(steps[index] ?? step, step));
  const usual = middleOf(known);
  const [least, most] =
    known.length >= 2
      ? [usual / 2, usual * 2]
      : [LIMITS.seriesSpacingMinMeters, LIMITS.seriesSpacingMaxMeters];
  const doubt = Math.min(place.accuracy_m ?? 0, LIMITS.fixPoorMeters);
  return { meters, isOdd: meters + doubt < least || meters - doubt > most };
}

function middleOf(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
