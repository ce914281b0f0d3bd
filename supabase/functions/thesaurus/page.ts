import { type Html, html } from '../_shared/html.ts';
import { type Addresses, matchIri } from '../_shared/skos/iris.ts';
import { type Concept, MATCH_KINDS, type Scheme } from '../_shared/skos/vocabulary.ts';
import { FORMATS } from './format.ts';
import { frame } from './frame.ts';
import { type PageLanguage, wordsIn } from './words.ts';

interface SchemePage {
  readonly concepts: readonly Concept[];
  readonly scheme: Scheme;
  readonly at: Addresses;
  readonly language: PageLanguage;
}

interface ConceptPage extends Omit<SchemePage, 'concepts'> {
  readonly concept: Concept;
  /** The terms that it may name: above, below, related, what replaced it. */
  readonly around: readonly Concept[];
}

/** A term for people: what it means, how it is called, what stands around it, and where it went. */
export function pageOfConcept({ concept, around, scheme, at, language }: ConceptPage): string {
  const words = wordsIn(language);
  const link = (id: string) => termLink(id, around, at, language);
  const list = (title: string, ids: readonly string[]) =>
    ids.length > 0 &&
    html`<h2>${title}</h2>
      <ul>
        ${ids.map((id) => html`<li>${link(id)}</li>`)}
      </ul>`;
  const narrower = around.filter((one) => one.broader === concept.id && one.status === 'accepted');
  const title = termOf(concept, language);
  const body = html` <p class="over">
      <a href="${at.scheme(scheme.id)}">${textIn(scheme.labels, language)}</a>
    </p>
    <h1>${title}</h1>
    ${
      concept.status === 'deprecated' &&
      html`<p class="heed">
        <strong>${words.deprecated}</strong>
        ${concept.replaced_by ? html`${words.replacedBy} ${link(concept.replaced_by)}` : words.noReplacement}
      </p>`
    }
    ${paragraph(words.definition, textIn(concept.definition, language))}
    ${paragraph(words.example, textIn(concept.example, language))}
    <h2>${words.names}</h2>
    <table>
      <thead>
        <tr>
          <th></th>
          <th scope="col">${words.term}</th>
          <th scope="col">${words.synonyms}</th>
        </tr>
      </thead>
      <tbody>
        ${namesOf(concept, language)}
      </tbody>
    </table>
    ${list(words.broader, concept.broader === null ? [] : [concept.broader])}
    ${list(
      words.narrower,
      narrower.map((one) => one.id),
    )}
    ${list(words.related, concept.related)}
    ${MATCH_KINDS.map((kind) => matches(words[kind === 'unverified' ? 'unverifiedMatch' : kind], concept.matches[kind] ?? []))}
    ${concept.status === 'accepted' && html`<p class="apart"><a href="/#/?concept=${concept.id}">${words.points}</a></p>`}
    ${downloads(at.concept(concept.id), language)}
    <p class="over">${words.address} <a href="${at.concept(concept.id)}">${at.concept(concept.id)}</a></p>`;
  return frame({ title: `${title} - ${words.thesaurus}`, language, body });
}

/** A whole vocabulary for people: its terms under each other. */
export function pageOfScheme({ concepts, scheme, at, language }: SchemePage): string {
  const words = wordsIn(language);
  const below = Map.groupBy(
    concepts.filter((one) => one.status === 'accepted'),
    (one) => one.broader,
  );
  const branch = (id: string | null): Html | false => {
    const list = below.get(id) ?? [];
    return (
      list.length > 0 &&
      html`<ul>
        ${list.map((one) => html`<li><a href="${at.concept(one.id)}">${termOf(one, language)}</a>${branch(one.id)}</li>`)}
      </ul>`
    );
  };
  const title = textIn(scheme.labels, language);
  const body = html` <p class="over">${words.thesaurus}</p>
    <h1>${title}</h1>
    ${downloads(at.scheme(scheme.id), language)}
    <h2>${words.terms}</h2>
    ${branch(null)}
    <p class="over">
      ${scheme.source && html`${words.source} ${scheme.source}. `}${scheme.licence && html`${words.licence} ${scheme.licence}.`}
    </p>`;
  return frame({ title, language, body });
}

/** What is told where an address leads to no term. */
export function pageOfNothing(language: PageLanguage): string {
  const { notFound } = wordsIn(language);
  return frame({ title: notFound, language, body: html`<h1>${notFound}</h1>` });
}

function namesOf(concept: Concept, language: PageLanguage): Html[] {
  const words = wordsIn(language);
  // In the order of the list, which is that of the page's words: French, and the languages of the region first.
  const languages = Object.keys(words.language).filter((one) => concept.labels[one] ?? concept.alt[one]);
  return languages.map((one) => {
    const mark = concept.unverified.includes(one) && html` <em>(${words.unverified})</em>`;
    const synonyms = concept.alt[one] ?? [];
    return html`<tr>
      <th scope="row">${words.language[one] ?? one}</th>
      <td lang="${one}">${concept.labels[one]}${mark}</td>
      <td lang="${one}">${synonyms.join(', ')}</td>
    </tr>`;
  });
}

function matches(title: string, all: readonly string[]): Html | false {
  if (all.length === 0) return false;
  const items = all.map((match) => {
    const iri = matchIri(match);
    return html`<li>${/^https?:/.test(iri) ? html`<a href="${iri}">${match}</a>` : match}</li>`;
  });
  return html`<h2>${title}</h2>
    <ul>
      ${items}
    </ul>`;
}

function downloads(address: string, language: PageLanguage): Html {
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

const paragraph = (title: string, text: string) =>
  text !== '' &&
  html`<h2>${title}</h2>
    <p>${text}</p>`;

function termLink(id: string, around: readonly Concept[], at: Addresses, language: PageLanguage): Html {
  const concept = around.find((one) => one.id === id);
  return html`<a href="${at.concept(id)}">${concept ? termOf(concept, language) : id}</a>`;
}

/** A label that a source has validated, of the page's language where there is one. */
function termOf(concept: Concept, language: PageLanguage): string {
  const valid = Object.entries(concept.labels).filter(([one]) => !concept.unverified.includes(one));
  return textIn(Object.fromEntries(valid), language) || concept.id;
}

function textIn(texts: Readonly<Record<string, string>>, language: PageLanguage): string {
  return texts[language] ?? texts['fr'] ?? Object.values(texts)[0] ?? '';
}
