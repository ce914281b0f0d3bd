import { type Html, html } from '../_shared/html.ts';
import type { Addresses } from '../_shared/skos/iris.ts';
import type { Concept } from '../_shared/skos/vocabulary.ts';
import { FORMATS } from './format.ts';
import { type PageLanguage, wordsIn } from './words.ts';

/** The same thing for machines, in each format. */
export function downloads(address: string, language: PageLanguage): Html {
  const { download } = wordsIn(language);
  const names = { ttl: 'Turtle', jsonld: 'JSON-LD', rdf: 'RDF/XML', csv: 'CSV' } as const;
  const links = Object.entries(names).map(
    ([ending, name], index) =>
      html`${index > 0 && ', '}<a href="${address}.${ending}" type="${FORMATS[ending as keyof typeof names]}"
          >${name}</a
        >`,
  );
  return html`<p>${download} ${links}</p>`;
}

/** A link to a term, by its name where it is among those that were read. */
export function termLink(
  id: string,
  around: readonly Concept[],
  at: Addresses,
  language: PageLanguage,
): Html {
  const concept = around.find((one) => one.id === id);
  return html`<a href="${at.concept(id)}">${concept ? termOf(concept, language) : id}</a>`;
}

/** A label that a source has validated, of the page's language where there is one. */
export function termOf(concept: Concept, language: PageLanguage): string {
  const valid = Object.entries(concept.labels).filter(([one]) => !concept.unverified.includes(one));
  return textIn(Object.fromEntries(valid), language) || concept.id;
}

/** A text of the page's language; of another where there is none. */
export function textIn(texts: Readonly<Record<string, string>>, language: PageLanguage): string {
  return texts[language] ?? texts['fr'] ?? Object.values(texts)[0] ?? '';
}
