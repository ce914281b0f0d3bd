import { fold } from './fold.ts';

/** Groups of three letters of the words of a text, each word between spaces, as `pg_trgm` makes them. */
export function trigramsOf(text: string): Set<string> {
  const found = new Set<string>();
  for (const word of fold(text)
    .split(/[^a-z0-9]+/)
    .filter(Boolean)) {
    const padded = `  ${word} `;
    for (let at = 0; at + 3 <= padded.length; at++) found.add(padded.slice(at, at + 3));
  }
  return found;
}

/**
 * How alike two names are, from 0 to 1: the share of groups of three letters that both have. The same as
 * `similarity` of PostgreSQL's `pg_trgm` on folded texts, by which moderators are told of it.
 */
export function likeness(a: string, b: string): number {
  const [mine, theirs] = [trigramsOf(a), trigramsOf(b)];
  if (mine.size === 0 || theirs.size === 0) return 0;
  let both = 0;
  for (const trigram of mine) if (theirs.has(trigram)) both++;
  return both / (mine.size + theirs.size - both);
}
