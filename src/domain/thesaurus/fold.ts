/** A text as it is compared: no accents, no case, ligatures opened, punctuation as spaces. */
export function fold(text: string): string {
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
