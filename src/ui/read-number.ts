const NUMBER = /^[+-]?(\d+[.,]?\d*|[.,]\d+)$/;

/**
 * A number as people write it: comma or point, spaces between thousands. Null for nothing; the text itself when it is
 * no number, so that nobody has to type it again.
 */
export function readNumber(text: string): number | string | null {
  const bare = text.replace(/\s/g, '').replace('−', '-');
  if (bare === '') return null;
  return NUMBER.test(bare) ? Number(bare.replace(',', '.')) : text;
}

/** A number, or a text that is none, as the field shows it. */
export function writeNumber(value: number | string | null): string {
  return typeof value === 'number' ? String(value).replace('.', ',') : (value ?? '');
}
