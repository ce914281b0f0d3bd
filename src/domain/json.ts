import * as z from 'zod/mini';

/** Any value that JSON can carry. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Accepts any JSON value. What reaches it was parsed from JSON, so only absence is refused. */
export const jsonSchema = z.custom<Json>((value) => value !== undefined);

/** Values by field path or attribute key. */
export const jsonRecordSchema = z.record(z.string(), jsonSchema);
export type JsonRecord = Record<string, Json>;

/**
 * JSON text that a PostgreSQL can store: without the null character nor halves of characters (an
 * emoji cut by a length limit), which no server takes and which would hold up all that is sent along.
 */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'string' ? part.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '') : part,
  );
}

/** The value of a JSON text; undefined when it is none: a captive portal's page, an answer cut in the middle. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Deep equality of two JSON values; the order of keys does not count, the order of lists does. */
export function jsonEquals(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => jsonEquals(item, b[index] ?? null));
  }
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && jsonEquals(a[key] ?? null, b[key] ?? null));
}
