import type { Json } from '../json.ts';
import { normalizeValue } from '../paths.ts';

/** A list answer with one code added, or taken away when it was there. Null when none is left. */
export function toggleChoice(value: Json | undefined, code: string): Json {
  const list = Array.isArray(value) ? value : [];
  const next = list.includes(code) ? list.filter((item) => item !== code) : [...list, code];
  return normalizeValue(next);
}
