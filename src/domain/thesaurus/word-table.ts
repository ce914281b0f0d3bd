/** Words that follow each other in a table: the first, and the one after the last. */
export interface WordRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Which names have which words: words in order, so that a beginning is a range of them found by halving, and the
 * names of all words end to end, so that a range of words is a range of names.
 */
export class WordTable {
  readonly #words: readonly string[];
  /** Where the names of each word begin in `#names`; one more at the end. */
  readonly #starts: Int32Array;
  readonly #names: Int32Array;
  /** The word with which each name begins. */
  readonly firstWords: Int32Array;
  /** All words as one text, each after a line break, and where each begins. */
  readonly #text: string;
  readonly #offsets: Int32Array;

  constructor(words: readonly string[], starts: Int32Array, names: Int32Array, firstWords: Int32Array) {
    this.#words = words;
    this.#starts = starts;
    this.#names = names;
    this.firstWords = firstWords;
    this.#text = `\n${words.join('\n')}`;
    this.#offsets = new Int32Array(words.length);
    let offset = 1;
    for (let at = 0; at < words.length; at++) {
      this.#offsets[at] = offset;
      offset += (words[at] as string).length + 1;
    }
  }

  /** The words that begin with a text. */
  beginningWith(text: string): WordRange {
    return { from: this.#firstFrom(text), to: this.#firstFrom(`${text}\uffff`) };
  }

  /** Whether the word at a place is a text: the first of those that begin with it is the text itself, if it is a word. */
  has(text: string, place: number): boolean {
    return this.#words[place] === text;
  }

  /** Names that have a word of a range; one with two of them comes twice. */
  namesIn({ from, to }: WordRange): Int32Array {
    return this.#names.subarray(this.#starts[from], this.#starts[to]);
  }

  /** Calls back with the names of each word that holds a text anywhere. */
  eachHolding(text: string, found: (names: Int32Array) => void): void {
    let at = this.#text.indexOf(text);
    while (at >= 0) {
      const word = this.#wordAt(at);
      found(this.namesIn({ from: word, to: word + 1 }));
      const next = this.#offsets[word + 1];
      at = next === undefined ? -1 : this.#text.indexOf(text, next);
    }
  }

  /** All of it, to be made again elsewhere by `unpackWords`. */
  packed(): PackedWords {
    const { firstWords } = this;
    return { words: this.#text.slice(1), starts: this.#starts, names: this.#names, firstWords };
  }

  /** Place of the first word that is not before a text. */
  #firstFrom(text: string): number {
    let low = 0;
    let high = this.#words.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#words[middle] ?? '') < text) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Place of the word that lies at an offset of the text of all. */
  #wordAt(offset: number): number {
    let low = 0;
    let high = this.#offsets.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#offsets[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** A table as it goes from a worker to the page: its words one after the other, its numbers as they are. */
export interface PackedWords {
  readonly words: string;
  readonly starts: Int32Array;
  readonly names: Int32Array;
  readonly firstWords: Int32Array;
}

/** The table again. */
export function unpackWords({ words, starts, names, firstWords }: PackedWords): WordTable {
  return new WordTable(words === '' ? [] : words.split('\n'), starts, names, firstWords);
}

/** Gathers the words of names, in their order. */
export class WordTableBuilder {
  /** Words in the order in which they came, which is their number here. */
  #numbers = new Map<string, number>();
  /** For each word of each name, one after the other: the name, and the number of the word. */
  #names: number[] = [];
  #wordsOf: number[] = [];
  #firsts: number[] = [];

  /** Notes the words of the next name, folded. */
  add(folded: string): void {
    const name = this.#firsts.length;
    const begin = this.#wordsOf.length;
    for (const word of folded.split(' ')) {
      let number = this.#numbers.get(word);
      if (number === undefined) this.#numbers.set(word, (number = this.#numbers.size));
      // A word said twice counts once.
      if (this.#wordsOf.indexOf(number, begin) >= 0) continue;
      this.#names.push(name);
      this.#wordsOf.push(number);
    }
    this.#firsts.push(this.#wordsOf[begin] as number);
  }

  /** The table, in steps: to sort thousands of words at once would hold the screen. */
  *finish(): Generator<undefined, WordTable, undefined> {
    const words = yield* this.#sorted();
    const places = new Int32Array(words.length);
    for (let place = 0; place < words.length; place++) {
      places[this.#numbers.get(words[place] as string) as number] = place;
    }
    yield;
    const wordsOf = Int32Array.from(this.#wordsOf);
    for (let at = 0; at < wordsOf.length; at++) wordsOf[at] = places[wordsOf[at] as number] as number;
    yield;
    // Counted, then laid end to end: the names of a word stay in their order.
    const starts = new Int32Array(words.length + 1);
    for (const word of wordsOf) starts[word + 1] = (starts[word + 1] as number) + 1;
    for (let at = 0; at < words.length; at++)
      starts[at + 1] = (starts[at + 1] as number) + (starts[at] as number);
    yield;
    const next = starts.slice();
    const names = new Int32Array(wordsOf.length);
    for (let at = 0; at < names.length; at++) {
      const word = wordsOf[at] as number;
      const place = next[word] as number;
      names[place] = this.#names[at] as number;
      next[word] = place + 1;
    }
    yield;
    const firsts = Int32Array.from(this.#firsts);
    for (let name = 0; name < firsts.length; name++) firsts[name] = places[firsts[name] as number] as number;
    return new WordTable(words, starts, names, firsts);
  }

  /** All words in order, those of one letter in each step. */
  *#sorted(): Generator<undefined, string[], undefined> {
    const byLetter = new Map<string, string[]>();
    for (const word of this.#numbers.keys()) {
      const letter = word.charAt(0);
      const known = byLetter.get(letter);
      if (known) known.push(word);
      else byLetter.set(letter, [word]);
    }
    yield;
    const words: string[] = [];
    for (const letter of [...byLetter.keys()].sort()) {
      for (const word of byLetter.get(letter)?.sort() ?? []) words.push(word);
      yield;
    }
    return words;
  }
}
