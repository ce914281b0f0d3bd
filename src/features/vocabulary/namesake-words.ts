import { conceptLabel } from '../../domain/thesaurus/label.ts';
import type { Namesake } from '../../domain/thesaurus/namesakes.ts';
import { m } from '../../i18n/generated/messages.js';
import { getLocale } from '../../i18n/locale.ts';
import type { VocabularyDesk } from '../../state/vocabulary-desk.svelte.ts';

/** That another term has a name already, but for case and accents. */
export function namesakeWords({ terms }: Pick<VocabularyDesk, 'terms'>, { concept, text }: Namesake): string {
  const term = terms.get(concept);
  const other = term ? conceptLabel(term, getLocale()) : concept;
  return other === text
    ? m.vocabulary_namesake({ term: other })
    : m.vocabulary_namesake_synonym({ term: other, word: text });
}
