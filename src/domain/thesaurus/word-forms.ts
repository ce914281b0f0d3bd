/** Articles and prepositions of the four languages, folded, and what is left of them before an apostrophe. */
export const SMALL_WORDS: ReadonlySet<string> = new Set(
  (
    'le la les l un une des de du d a au aux et en dans sur sous par pour ' +
    'lo los las el els del dels dal al als amb per the of and on in at with for'
  ).split(' '),
);

/** A shorter word that ends so is no plural: "gas". */
const PLURAL_FROM = 4;

/** A folded word as in the singular: "lavoirs", "canaux", "eaux". It may be no word: "croix" gives "croi". */
export function singular(word: string): string {
  if (word.length < PLURAL_FROM) return word;
  if (word.endsWith('aux') && !word.endsWith('eaux')) return `${word.slice(0, -3)}al`;
  return /[sx]$/.test(word) ? word.slice(0, -1) : word;
}
