import type { Addresses } from './iris.ts';
import type { Labels } from './vocabulary.ts';

/** What is known here, so that a term that comes again keeps its id. */
export interface Known {
  /** Terms of the vocabulary that the file is for: their names, and where an import brought them from. */
  readonly here: ReadonlyMap<string, { readonly labels: Labels; readonly uri: string | null }>;
  /** Ids of other vocabularies: an id is of one alone. */
  readonly elsewhere: ReadonlySet<string>;
}

/** A term of a file, before it has an id. */
interface Nameless {
  readonly uri: string;
  readonly notation: string | null;
  readonly labels: Labels;
}

const ID = /^[a-z0-9][a-z0-9-]{0,80}$/;
const LONGEST = 60;

/**
 * Ids of terms by their addresses: that of an earlier import, that in an address of ours, else a slug of the notation, of the
 * end of the address or of the French label. The same file gives the same ids whatever its order; each is unique.
 */
export function identify(terms: readonly Nameless[], at: Addresses, known: Known): Map<string, string> {
  const ids = new Map<string, string>();
  const used = new Set<string>();
  const give = (uri: string, id: string) => {
    ids.set(uri, id);
    used.add(id);
  };
  const imported = new Map(
    [...known.here].flatMap(([id, { uri }]) => (uri === null ? [] : [[uri, id] as const])),
  );
  const uris = new Set(terms.map(({ uri }) => uri));
  const ours = at.concept('');
  for (const { uri } of terms) {
    const own = uri.startsWith(ours) ? uri.slice(ours.length) : null;
    const id = imported.get(uri) ?? (own !== null && ID.test(own) && !known.elsewhere.has(own) ? own : null);
    if (id !== null && !used.has(id)) give(uri, id);
  }
  const isFree = (id: string, term: Nameless) => {
    if (used.has(id) || known.elsewhere.has(id)) return false;
    const there = known.here.get(id);
    return !there || isSame(there, term, uris);
  };
  for (const term of terms.toSorted((one, other) => (one.uri < other.uri ? -1 : 1))) {
    if (ids.has(term.uri)) continue;
    const slug = slugOf(term);
    let [id, number] = [slug, 2];
    for (; !isFree(id, term); number += 1) id = `${slug}-${number}`;
    give(term.uri, id);
  }
  return ids;
}

/** Whether a term that is here under the same id is the one that comes: by one of its names, or moved to another base. */
function isSame(
  there: { readonly labels: Labels; readonly uri: string | null },
  term: Nameless,
  uris: ReadonlySet<string>,
): boolean {
  if (there.uri !== null && uris.has(there.uri)) return false;
  if (there.uri !== null && lastOf(there.uri) === lastOf(term.uri)) return true;
  return Object.entries(term.labels).some(
    ([language, text]) => alike(there.labels[language] ?? '') === alike(text),
  );
}

function slugOf({ uri, notation, labels }: Nameless): string {
  const names = [notation ?? '', lastOf(uri), labels['fr'] ?? '', ...Object.values(labels)];
  return names.map(slug).find((one) => ID.test(one)) ?? 'terme';
}

/** The end of an address, which tells it from those of its base: `…/croix`, `…#croix`, Opentheso's `…?idc=12&idt=th1`. */
function lastOf(uri: string): string {
  const concept = /[?&]idc=([^&#]+)/.exec(uri)?.[1];
  const last = concept ?? /([^/#:=?&]+)[/#]*$/.exec(uri)?.[1] ?? '';
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

function slug(text: string): string {
  const words = alike(text).replace(/œ/g, 'oe').replace(/æ/g, 'ae');
  return words
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, LONGEST)
    .replace(/-$/, '');
}

/** A text without case and accents: two that are the same in it are hardly told apart. */
export function alike(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim();
}
