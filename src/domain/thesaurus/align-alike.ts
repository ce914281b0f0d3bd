import type { AlignName } from './align-names.ts';

export interface Alike {
  readonly name: AlignName;
  /** How much of their parts a name and a value have in common: 0 to 1. */
  readonly share: number;
}

/** How much a part tells, by how many of how many names have it. */
export type Weigh = (having: number, all: number) => number;

/**
 * Names by their parts (groups of letters, words): those that share enough with a value are found by reading none of
 * the others. The share is that of `likeness`: what both have of all that either has.
 */
export class AlikeNames {
  #partsOf: (stem: string) => Iterable<string>;
  #weigh: Weigh;
  #names: AlignName[] = [];
  /** Parts by number: texts are compared thousands of times, numbers cost less. */
  #numbers = new Map<string, number>();
  #partsOfName: (readonly number[])[] = [];
  /** Places of the names that have each part. */
  #having: number[][] = [];
  #unknownWeight = 1;
  /** By part, then by name; made when first asked. */
  #weights = new Float64Array(0);
  #wanted = new Float64Array(0);
  #sizes = new Float64Array(0);
  #shared = new Float64Array(0);

  /** `partsOf` gives each part of a stem once. */
  constructor(partsOf: (stem: string) => Iterable<string>, weigh: Weigh = () => 1) {
    this.#partsOf = partsOf;
    this.#weigh = weigh;
  }

  /** Notes a name; one that reads as another of its concept adds nothing and need not be given. */
  add(name: AlignName): void {
    const place = this.#names.push(name) - 1;
    const parts: number[] = [];
    for (const text of this.#partsOf(name.forms.stem)) {
      let part = this.#numbers.get(text);
      if (part === undefined) {
        part = this.#having.push([]) - 1;
        this.#numbers.set(text, part);
      }
      parts.push(part);
      (this.#having[part] as number[]).push(place);
    }
    this.#partsOfName.push(parts);
  }

  /** Names that share at least so much with a stem: the best of them, in order. */
  find(stem: string, least: number, limit: number): Alike[] {
    if (this.#sizes.length < this.#names.length) this.#measure();
    const { size, parts, rareFrom, commonWeight } = this.#read(stem, least);
    const [shared, wanted, sizes] = [this.#shared, this.#wanted, this.#sizes];
    const met: number[] = [];
    for (const part of parts.slice(rareFrom)) {
      const weight = this.#weights[part] as number;
      for (const place of this.#having[part] as number[]) {
        if (shared[place] === 0) met.push(place);
        (shared[place] as number) += weight;
      }
    }
    for (const part of parts) wanted[part] = this.#weights[part] as number;
    const kept: Alike[] = [];
    let enough = least;
    for (const place of likeliestFirst(met, shared, size)) {
      const either = size + (sizes[place] as number);
      const most = (shared[place] as number) + commonWeight;
      shared[place] = 0;
      if (most / (either - most) < enough) continue;
      let both = 0;
      const own = this.#partsOfName[place] as number[];
      for (const part of own) both += wanted[part] as number;
      const share = both / (either - both);
      if (share < enough) continue;
      const at = kept.findIndex((one) => one.share < share);
      kept.splice(at < 0 ? kept.length : at, 0, { name: this.#names[place] as AlignName, share });
      if (kept.length <= limit) continue;
      kept.pop();
      // Once there are as many as asked, only a better one is worth noting.
      enough = Math.max(enough, (kept.at(-1) as Alike).share + Number.EPSILON);
    }
    for (const part of parts) wanted[part] = 0;
    return kept;
  }

  /**
   * The known parts of a stem, those that most names have first. These lead to no name by themselves as long as they
   * weigh less together than what a name must share at the least: whatever shares enough has one of the others.
   */
  #read(stem: string, least: number) {
    let size = 0;
    const parts: number[] = [];
    for (const text of this.#partsOf(stem)) {
      const part = this.#numbers.get(text);
      size += part === undefined ? this.#unknownWeight : (this.#weights[part] as number);
      if (part !== undefined) parts.push(part);
    }
    const often = (part: number) => (this.#having[part] as number[]).length;
    parts.sort((a, b) => often(b) - often(a));
    let commonWeight = 0;
    let rareFrom = 0;
    for (const part of parts) {
      const weight = this.#weights[part] as number;
      // A little less, for the sums of weights are rounded.
      if (commonWeight + weight >= least * size - 1e-9) break;
      commonWeight += weight;
      rareFrom++;
    }
    return { size, parts, rareFrom, commonWeight };
  }

  #measure(): void {
    const all = this.#names.length;
    this.#weights = Float64Array.from(this.#having, (places) => this.#weigh(places.length, all));
    this.#unknownWeight = this.#weigh(0, all);
    this.#wanted = new Float64Array(this.#having.length);
    this.#shared = new Float64Array(all);
    this.#sizes = Float64Array.from(this.#partsOfName, (parts) =>
      parts.reduce((sum, part) => sum + (this.#weights[part] as number), 0),
    );
  }
}

const SHELVES = 16;

/** Those that share most stand first, roughly: the sooner the best are known, the fewer others are looked at. */
function likeliestFirst(met: readonly number[], shared: Float64Array, size: number): number[] {
  const shelves: number[][] = Array.from({ length: SHELVES + 1 }, () => []);
  for (const place of met) {
    const shelf = Math.min(SHELVES, Math.floor(((shared[place] as number) / size) * SHELVES));
    (shelves[SHELVES - shelf] as number[]).push(place);
  }
  return shelves.flat();
}
