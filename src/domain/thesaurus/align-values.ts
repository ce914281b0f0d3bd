import type { AlignValue } from './align.ts';
import { fold } from './fold.ts';

/** Longest value that is aligned; a longer text describes one thing and names no kind. */
export const VALUE_LENGTH = 200;

/**
 * The distinct values of a column, the most frequent first. Spaces around do not tell two values apart; empty ones
 * and `NULL`, which some databases write, are none. Longer ones than 200 characters are cut.
 */
export function distinctValues(
  values: Iterable<{ readonly value: string; readonly count?: number }>,
): AlignValue[] {
  const counts = new Map<string, number>();
  for (const { value, count = 1 } of values) {
    const text = value.replace(/\s+/g, ' ').trim().slice(0, VALUE_LENGTH);
    if (text === '' || text === 'NULL') continue;
    counts.set(text, (counts.get(text) ?? 0) + count);
  }
  return [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count);
}

/** Reads a pasted list: one value a line, or a value and how many rows have it, after a tab. */
export function pastedValues(text: string): AlignValue[] {
  return distinctValues(
    text.split(/\r\n|\n|\r/).map((line) => {
      const [, value, count] = /^(.*)\t\s*(\d{1,9})\s*$/.exec(line) ?? [];
      return value === undefined ? { value: line } : { value, count: Math.max(1, Number(count)) };
    }),
  );
}

/** A longer value is a text and no word (the server's limit). */
const WORD_LENGTH = 120;

/** Whether the word of a value may be proposed to a vocabulary: signs alone are none. */
export function mayBeProposed(value: string): boolean {
  return value.length <= WORD_LENGTH && fold(value) !== '';
}
