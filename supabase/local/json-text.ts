/** Levels of the deepest JSON that is read: forms and conditions need a dozen, a stack overflows at thousands. */
const maximumDepth = 64;

/**
 * Reads JSON that PostgreSQL can store: no null character, no half of a character, not too deep.
 * @returns undefined where it is none
 */
export function readJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isStorable(value, maximumDepth) ? value : undefined;
}

/** Reads a JSON object; undefined where it is something else. */
export function readJsonObject(text: string): Record<string, unknown> | undefined {
  const value = readJson(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function isStorable(value: unknown, levels: number): boolean {
  if (typeof value === 'string') return !value.includes('\0') && value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  if (levels === 0) return false;
  const parts = Array.isArray(value) ? value : Object.entries(value).flat();
  return parts.every((part) => isStorable(part, levels - 1));
}
