import { fold } from './fold.ts';
import { singular, SMALL_WORDS } from './word-forms.ts';

/**
 * A text of a legacy database or a name of a concept, in forms that forgive more and more. Each follows from the one
 * before: texts alike in one are alike in all that come after it.
 */
export interface Forms {
  /** Small letters, spaces put right; accents and punctuation as written. */
  readonly lower: string;
  readonly folded: string;
  /** Without articles and prepositions. */
  readonly plain: string;
  /** Each word in the singular. */
  readonly stem: string;
}

/** "Lavoir(s)", "Cultivateur(trice)": what stands for another ending is no word. */
const ENDING = /\((?:s|x|e|es|nt)\)/gi;
/** "Type : lavoir", "12 - lavoir": what only announces the term, or numbers it. */
const ANNOUNCED =
  /^\s*(?:(?:type|types|nature|cat[ée]gorie|d[ée]nomination|genre|objet|th[èe]me)\s*[:=–-]?\s+(?:d[eu]s?\s+|d['’]\s*)?|\d{1,4}(?:\s*[-–:.)]\s*|\s+))(?=\p{Letter})/iu;
/** "Lavoir n° 3", "Monument aux morts 1914-1918": a number or a date names no other kind of thing. */
const NUMBERED = /[\s,]+(?:n[°ºo]?\s*)?\d[\d\s./–-]*$/iu;
/** Signs and words between the terms of a value that holds several. */
const BETWEEN = /[;,/|+&\n()[\]]+|\s(?:et|ou|i|e|o|and|or|puis)\s|\s[-–—]\s/iu;

/** The forms of a text. */
export function formsOf(text: string): Forms {
  const lower = text.normalize('NFC').toLowerCase().replace(/\s+/g, ' ').trim();
  const folded = fold(text.replace(ENDING, ''));
  const words = folded.split(' ');
  const telling = words.filter((word) => !SMALL_WORDS.has(word));
  const kept = telling.length > 0 ? telling : words;
  return { lower, folded, plain: kept.join(' '), stem: kept.map(stemOf).join(' ') };
}

/** One spelling for a word in the singular and in the plural, also where they part: "vitrail", "churches". */
function stemOf(word: string): string {
  const one = singular(word);
  if (one.length > 4 && one.endsWith('ail')) return `${one.slice(0, -3)}al`;
  // English adds a vowel, which French has anyway: "church", "churches"; "niche", "niches".
  return /[cs]he$/.test(one) ? one.slice(0, -1) : one;
}

/** A value without what announces or numbers its term; null where nothing does. */
export function unannounced(value: string): string | null {
  const rest = value.replace(ANNOUNCED, '').replace(NUMBERED, '');
  return rest === value || rest.trim() === '' ? null : rest;
}

/** The terms of a value that names several; one where it does not. */
export function termsIn(value: string): string[] {
  return value
    .split(BETWEEN)
    .map((part) => part.trim())
    .filter((part) => fold(part) !== '');
}
