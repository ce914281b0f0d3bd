import type { Fault, Warning } from './faults.ts';
import { PREFIXES } from './iris.ts';
import type { Said } from './said.ts';

const { skos, dct } = PREFIXES;

/** Takes what concepts say of each other, and gathers what leads nowhere. */
export class LinkReader {
  readonly faults: Fault[] = [];
  readonly warnings: Warning[] = [];
  readonly #said: Said;
  readonly #ids: ReadonlyMap<string, string>;
  /** Addresses above each, as those above say it. */
  readonly #above = new Map<string, string[]>();

  constructor(said: Said, ids: ReadonlyMap<string, string>) {
    this.#said = said;
    this.#ids = ids;
    for (const uri of ids.keys()) {
      for (const below of said.iris(uri, `${skos}narrower`)) {
        this.#above.set(below, [...(this.#above.get(below) ?? []), uri]);
      }
    }
  }

  /** The concept above; of several the first that the file says. What is not in the file is a fault. */
  broader(uri: string, name: string, line?: number): string | null {
    const all = [...new Set([...this.#said.iris(uri, `${skos}broader`), ...(this.#above.get(uri) ?? [])])];
    for (const one of all.filter((other) => !this.#ids.has(other))) {
      this.faults.push({ code: 'dangling_broader', line, detail: `${name} : ${one}` });
    }
    const [first, ...others] = all.flatMap((one) => this.#ids.get(one) ?? []);
    if (others.length > 0) this.warnings.push({ code: 'several_broader', line, detail: name });
    return first ?? null;
  }

  related(uri: string, name: string, line?: number): string[] {
    return this.#said.iris(uri, `${skos}related`).flatMap((one) => {
      const id = this.#ids.get(one);
      if (id === undefined)
        this.warnings.push({ code: 'dangling_related', line, detail: `${name} : ${one}` });
      return id === undefined || one === uri ? [] : [id];
    });
  }

  replacement(uri: string, name: string, isDeprecated: boolean): string | null {
    const [one] = this.#said.iris(uri, `${dct}isReplacedBy`);
    if (one === undefined) return null;
    const id = this.#ids.get(one);
    if (!isDeprecated || id === undefined) {
      const code = isDeprecated ? 'dangling_replacement' : 'replaced_though_accepted';
      this.warnings.push({ code, detail: `${name} : ${one}` });
      return null;
    }
    return id;
  }
}
