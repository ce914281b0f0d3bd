import type { Concept } from '../concept.ts';
import { type Forms, formsOf } from './align-words.ts';
import { currentConcept, type Thesaurus } from './tree.ts';

/** One text that leads to a concept in use. */
export interface AlignName {
  readonly concept: Concept;
  readonly text: string;
  /** `match`: a term of a reference vocabulary, a tag, a notation. */
  readonly kind: 'label' | 'synonym' | 'match';
  readonly forms: Forms;
  /**
   * Whether it may decide: a label that no source validated, or a match that is only close, broad or not checked,
   * suggests and nothing more.
   */
  readonly isFirm: boolean;
}

/** A tag's value says nothing where it only says that the key holds. */
const NO_VALUE = /^(?:yes|no|true|false|\*)$/;

/** The texts that lead to one concept; through its replacement where it is not in use any more, none where it has none. */
export function* namesOf(concept: Concept, thesaurus: Thesaurus): Generator<AlignName, void, undefined> {
  const current = currentConcept(thesaurus, concept.id);
  if (current?.status !== 'accepted') return;
  const name = (text: string, kind: AlignName['kind'], isFirm: boolean): AlignName => ({
    concept: current,
    text,
    kind,
    forms: formsOf(text),
    isFirm,
  });
  for (const [language, text] of Object.entries(concept.labels)) {
    yield name(text, 'label', !concept.unverified.includes(language));
  }
  for (const texts of [concept.alt, concept.hidden]) {
    for (const text of Object.values(texts).flat()) yield name(text, 'synonym', true);
  }
  if (concept.notation) yield name(concept.notation, 'match', true);
  const unchecked = new Set(concept.matches['unverified'] ?? []);
  for (const kind of ['exact', 'close', 'broad']) {
    for (const code of concept.matches[kind] ?? []) {
      const isFirm = kind === 'exact' && !unchecked.has(code);
      for (const text of textsOf(code)) yield name(text, 'match', isFirm);
    }
  }
}

/** How a match may stand in a column: whole, without its vocabulary, and the value of a tag alone. */
function textsOf(code: string): string[] {
  if (/^https?:/.test(code)) return [code];
  const own = code.slice(code.indexOf(':') + 1);
  const texts = [code, own];
  const equals = own.indexOf('=');
  if (equals > 0 && !NO_VALUE.test(own.slice(equals + 1))) texts.push(own.slice(equals + 1));
  return texts;
}
