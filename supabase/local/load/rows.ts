import { createHash } from 'node:crypto';
import type { FileFeature } from './features.ts';

/** A point as the database loads it. */
export interface LoadRow {
  ref: string;
  lon: number;
  lat: number;
  concept?: string;
  attributes: Record<string, unknown>;
}

export interface RowOptions {
  /** Column that identifies an object at its producer's. */
  idColumn: string | undefined;
  /** Column whose values name concepts, and the concept of each value. */
  conceptColumn: string | undefined;
  conceptOf: ReadonlyMap<string, string>;
  defaultConcept: string | undefined;
  /** Keys of the theme's form. */
  formKeys: ReadonlySet<string>;
}

/**
 * Gives each object the reference under which it is known from one loading to the next: the
 * producer's own, or a hash of place and properties, numbered among equals.
 */
export function referencesOf(features: readonly FileFeature[], idColumn: string | undefined): string[] {
  const seen = new Map<string, number>();
  return features.map((feature) => {
    const id = idColumn === undefined ? undefined : textOf(feature.properties[idColumn]);
    const ref = id ?? hashOf(feature);
    const ordinal = (seen.get(ref) ?? 0) + 1;
    seen.set(ref, ordinal);
    return ordinal === 1 ? ref : `${ref}#${ordinal}`;
  });
}

/** Turns an object of a file into a row; `position` is its place in WGS84. */
export function toRow(
  feature: FileFeature,
  ref: string,
  position: [number, number],
  options: RowOptions,
): LoadRow {
  const name =
    options.conceptColumn === undefined ? undefined : textOf(feature.properties[options.conceptColumn]);
  const concept = (name === undefined ? undefined : options.conceptOf.get(name)) ?? options.defaultConcept;
  const attributes = Object.entries(feature.properties).filter(
    ([key, value]) => options.formKeys.has(key) && value !== null && value !== '',
  );
  return {
    ref,
    lon: position[0],
    lat: position[1],
    ...(concept === undefined ? {} : { concept }),
    attributes: Object.fromEntries(attributes),
  };
}

/** A value as text, undefined when there is nothing to read. */
export function textOf(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value).trim();
  return text === '' ? undefined : text;
}

function hashOf({ x, y, properties }: FileFeature): string {
  const sorted = Object.entries(properties).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([x, y, sorted]))
    .digest('hex')
    .slice(0, 32);
}
