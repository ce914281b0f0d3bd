import type { Draft } from './draft.ts';
import type { Json, JsonRecord } from './json.ts';

/**
 * The edit of a known point with what was captured of it as if it were new: what was answered goes
 * over what is known, choices join those that are there, and what the capture only inherited from the
 * point before it in its series says nothing, be it one choice of several. The point keeps its place, and
 * its term where it has one: the holding concept of a theme (`holding`) is none. A word that was proposed
 * is proposed all the same.
 */
export function captureOver(edit: Draft, capture: Draft, holding: string | null = null): Draft {
  const inherited = capture.series?.inherited.attributes ?? {};
  const attributes: JsonRecord = { ...edit.attributes };
  for (const [key, value] of Object.entries(capture.attributes)) {
    const said = saidBeyond(inherited[key], value);
    if (said !== undefined) attributes[key] = united(attributes[key], said);
  }
  const isUnnamed = !edit.term && (edit.concept === null || edit.concept === holding);
  return {
    ...edit,
    ...(isUnnamed ? namedIn(capture) : wordIn(capture, edit)),
    attributes,
    photo_ids: [...new Set([...edit.photo_ids, ...capture.photo_ids])],
  };
}

/**
 * What a capture says of the thing that "still there" would not tell: answers that it did not inherit, but
 * the one that the theme asks of a thing seen again (`observed`), and a word proposed for it.
 */
export function saysMore(capture: Draft, observed: string | null): boolean {
  const inherited = capture.series?.inherited;
  const isSaid = ([key, value]: [string, Json]) =>
    key !== observed && saidBeyond(inherited?.attributes[key], value) !== undefined;
  const isOwnTerm = Boolean(capture.term) && !isSame(capture.term, inherited?.term);
  return isOwnTerm || Object.entries(capture.attributes).some(isSaid);
}

/** What a capture answers to what the theme asks of a thing seen again; null for nothing of its own. */
export function observedIn(capture: Draft, observed: string | null): string | null {
  const value = observed === null ? undefined : capture.attributes[observed];
  const isInherited = observed !== null && isSame(value, capture.series?.inherited.attributes[observed]);
  return typeof value === 'string' && !isInherited ? value : null;
}

/** What the person said that the thing is, in this capture. */
function namedIn({ concept, term, series }: Draft): Partial<Draft> {
  const inherited = series?.inherited;
  const isInherited = inherited?.concept === concept && isSame(term, inherited.term);
  return isInherited ? {} : { concept, ...(term ? { term } : {}) };
}

/** The word that the person proposed in this capture, unless the edit has one of its own. */
function wordIn({ term, series }: Draft, edit: Draft): Partial<Draft> {
  return term && !edit.term && !isSame(term, series?.inherited.term) ? { term } : {};
}

/** What an answer says that was not inherited: of several choices or things, those that were added. */
function saidBeyond(inherited: Json | undefined, value: Json): Json | undefined {
  if (isSame(value, inherited)) return undefined;
  if (!Array.isArray(inherited) || !Array.isArray(value)) return value;
  const added = without(value, inherited);
  return added.length > 0 ? added : undefined;
}

function united(known: Json | undefined, said: Json): Json {
  return Array.isArray(known) && Array.isArray(said) ? [...known, ...without(said, known)] : said;
}

function without(values: readonly Json[], others: readonly Json[]): Json[] {
  return values.filter((value) => !others.some((other) => isSame(value, other)));
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}
