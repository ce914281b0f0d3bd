import type { Quad_Object } from 'n3';

import type { Fault, Warning } from './faults.ts';
import { LANGUAGES, type Labels, type Words } from './vocabulary.ts';

interface Said {
  readonly text: string;
  /** Whether the file names our language itself, and not one of its varieties. */
  readonly isExact: boolean;
}

const LONGEST_LABEL = 200;
/** The database keeps that much of a definition, and of a note of change. */
const LONGEST_TEXT = 4_000;
const LONGEST_CHANGE_NOTE = 2_000;

/** Takes texts by language from what a file says, and gathers what is wrong with them. */
export class TextReader {
  readonly faults: Fault[] = [];
  readonly warnings: Warning[] = [];
  /** How often each language that is folded, unknown or missing was met. */
  readonly #met = new Map<
    string,
    { code: 'language_folded' | 'unknown_language' | 'no_language'; count: number }
  >();

  /** Preferred, alternative and hidden labels, one preferred in each language and no word twice. `name` tells faults apart. */
  labels(
    said: {
      readonly preferred: readonly Quad_Object[];
      readonly alt: readonly Quad_Object[];
      readonly hidden: readonly Quad_Object[];
    },
    at: { readonly name: string; readonly line?: number | undefined },
  ): { labels: Labels; alt: Words; hidden: Words } {
    const [preferred, alt, hidden] = [said.preferred, said.alt, said.hidden].map((all) =>
      this.#byLanguage(all, true, at),
    );
    const labels: Record<string, string> = {};
    const taken = { alt: {} as Record<string, string[]>, hidden: {} as Record<string, string[]> };
    for (const language of LANGUAGES) {
      const own = preferred?.get(language) ?? [];
      const exact = unique(own.filter((one) => one.isExact).map((one) => one.text));
      const [label, ...others] = unique([...exact, ...own.map((one) => one.text)]);
      if (exact.length > 1) {
        this.faults.push({
          code: 'two_labels',
          line: at.line,
          detail: `${at.name} (${language}) : ${exact.join(' / ')}`,
        });
      }
      if (label !== undefined) labels[language] = label;
      const before = new Set(label === undefined ? [] : [label]);
      const rest = (texts: readonly string[]) =>
        texts.filter((text) => {
          if (before.has(text))
            this.warnings.push({ code: 'label_repeated', line: at.line, detail: `${at.name} : ${text}` });
          return !before.has(text) && before.add(text);
        });
      const synonyms = rest(
        unique([...(exact.length > 1 ? [] : others), ...(alt?.get(language) ?? []).map((one) => one.text)]),
      );
      const words = rest(unique((hidden?.get(language) ?? []).map((one) => one.text)));
      if (synonyms.length > 0) taken.alt[language] = synonyms;
      if (words.length > 0) taken.hidden[language] = words;
    }
    return { labels, ...taken };
  }

  /** One text a language: several are one under the other, in an order that does not depend on the file. */
  notes(objects: readonly Quad_Object[], name: string): Labels {
    return Object.fromEntries(
      [...this.#byLanguage(objects, false, { name })].map(([language, all]) => {
        const texts = unique(all.map((one) => one.text));
        if (texts.length > 1) this.warnings.push({ code: 'texts_joined', detail: `${name} (${language})` });
        const text = texts.length > 1 ? texts.toSorted().join('\n\n') : (texts[0] ?? '');
        this.#bound(text, LONGEST_TEXT, name);
        return [language, text];
      }),
    );
  }

  /** All texts of each language. */
  words(objects: readonly Quad_Object[], name: string): Words {
    return Object.fromEntries(
      [...this.#byLanguage(objects, false, { name })].map(([language, all]) => {
        const texts = unique(all.map((one) => one.text));
        for (const text of texts) this.#bound(text, LONGEST_CHANGE_NOTE, name);
        return [language, texts];
      }),
    );
  }

  #bound(text: string, longest: number, name: string): void {
    if ([...text].length > longest) this.faults.push({ code: 'text_too_long', detail: name });
  }

  /** What was met of languages that are not ours: each once, with how often. */
  languageWarnings(): Warning[] {
    return [...this.#met].map(([detail, { code, count }]) => ({
      code,
      count,
      ...(detail === '' ? {} : { detail }),
    }));
  }

  #byLanguage(
    objects: readonly Quad_Object[],
    areLabels: boolean,
    at: { name: string; line?: number | undefined },
  ): Map<string, Said[]> {
    const found = new Map<string, Said[]>();
    for (const object of objects) {
      if (object.termType !== 'Literal') continue;
      const text = object.value;
      if (text.trim() === '') {
        if (areLabels) this.warnings.push({ code: 'blank_label', line: at.line, detail: at.name });
        continue;
      }
      const language = this.#languageOf(object.language);
      if (language === null) continue;
      if (areLabels && [...text].length > LONGEST_LABEL)
        this.faults.push({
          code: 'label_too_long',
          line: at.line,
          detail: `${at.name} : ${text.slice(0, 60)}…`,
        });
      const said = { text, isExact: object.language.toLowerCase() === language };
      found.set(language, [...(found.get(language) ?? []), said]);
    }
    return found;
  }

  /** Ours, or the one that a variety is of (`fr-FR`, `oc-lengadoc`); French where a text tells none. */
  #languageOf(tag: string): string | null {
    const [first = ''] = tag.toLowerCase().split('-');
    const language = LANGUAGES.find((one) => one === (tag === '' ? 'fr' : first)) ?? null;
    if (language === tag.toLowerCase()) return language;
    const code = tag === '' ? 'no_language' : language === null ? 'unknown_language' : 'language_folded';
    this.#met.set(tag, { code, count: (this.#met.get(tag)?.count ?? 0) + 1 });
    return language;
  }
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
