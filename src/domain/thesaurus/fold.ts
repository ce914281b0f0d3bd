// Most texts by far: they need no more than small letters, and an index folds tens of thousands.
const PLAIN = /^[A-Za-z0-9 ',.()-]*$/;

/** A text as it is compared: no accents, no case, ligatures opened, punctuation as spaces. */
export function fold(text: string): string {
  if (PLAIN.test(text)) {
    return text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, ' ')
      .trim();
  }
  return (
    text
      .normalize('NFD')
      .replace(/\p{Diacritic}/gu, '')
      .toLowerCase()
      // The point of Catalan and Gascon stands inside a word: "col·legi", "in·hèrn".
      .replace(/[·‧]/g, '')
      .replace(/œ/g, 'oe')
      .replace(/æ/g, 'ae')
      .replace(/[^\p{Letter}\p{Number}]+/gu, ' ')
      .trim()
  );
}

/** Folds many texts: their words repeat, and each is folded once. */
export function foldMany(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const folded: string[] = [];
    for (const word of text.split(' ')) {
      let one = known.get(word);
      if (one === undefined) known.set(word, (one = fold(word)));
      if (one) folded.push(one);
    }
    return folded.join(' ');
  };
}
