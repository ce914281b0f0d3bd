import type { Json, JsonRecord } from './json.ts';
import { type Geom, type Point, type Sensitivity } from './point.ts';

/** A field of a point in a patch: `concept`, `geom`, `sensitivity`, `attributes.<key>`. */
export type Path = string;

const ATTRIBUTES = 'attributes.';

/** Path of an attribute. */
export function attributePath(key: string): Path {
  return ATTRIBUTES + key;
}

/** Key of an attribute's path, null for the other fields. */
export function attributeKey(path: Path): string | null {
  return path.startsWith(ATTRIBUTES) ? path.slice(ATTRIBUTES.length) : null;
}

/** Empty texts and lists are "no value" (contract §2). */
export function normalizeValue(value: Json | undefined): Json {
  if (value === undefined || value === '') return null;
  if (Array.isArray(value) && value.length === 0) return null;
  return value;
}

/** The part of a point that people fill in. */
export type Content = Pick<Point, 'concept' | 'geom' | 'sensitivity' | 'attributes'>;

/** Value of a field, null when absent. */
export function readPath(content: Content, path: Path): Json {
  const key = attributeKey(path);
  if (key !== null) return normalizeValue(content.attributes[key]);
  if (path === 'concept') return content.concept;
  if (path === 'sensitivity') return content.sensitivity;
  if (path === 'geom') return { ...content.geom } as Json;
  return null;
}

/** The content with one field replaced as a whole; null clears an attribute or the concept. */
function writePath<T extends Content>(content: T, path: Path, value: Json): T {
  const key = attributeKey(path);
  const clean = normalizeValue(value);
  if (key !== null) {
    const others = Object.entries(content.attributes).filter(([other]) => other !== key);
    const entries: [string, Json][] = clean === null ? others : [...others, [key, clean]];
    return { ...content, attributes: Object.fromEntries(entries) };
  }
  if (path === 'concept') return { ...content, concept: typeof clean === 'string' ? clean : null };
  if (path === 'sensitivity' && clean !== null) {
    return { ...content, sensitivity: clean as Sensitivity };
  }
  // A point is never without a place: clearing it is refused by the server too.
  if (path === 'geom' && clean !== null) return { ...content, geom: clean as unknown as Geom };
  return content;
}

/** The content with every field of a patch replaced. */
export function writePatch<T extends Content>(content: T, patch: JsonRecord): T {
  return Object.entries(patch).reduce((next, [path, value]) => writePath(next, path, value), content);
}

/** Values of the named fields: the `base` of an edit. */
export function readPaths(content: Content, paths: readonly Path[]): JsonRecord {
  return Object.fromEntries(paths.map((path) => [path, readPath(content, path)]));
}
