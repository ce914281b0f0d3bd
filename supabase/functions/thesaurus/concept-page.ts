import { type Html, html } from '../_shared/html.ts';
import { type Addresses, matchIri } from '../_shared/skos/iris.ts';
import { type Concept, MATCH_KINDS, type Scheme } from '../_shared/skos/vocabulary.ts';
import { frame } from './frame.ts';
import { downloads, termLink, termOf, textIn } from './pieces.ts';
import { type PageLanguage, wordsIn } from './words.ts';

interface ConceptPage {
  readonly concept: Concept;
  /** The terms that it may name: above, below, related, what replaced it. */
  readonly around: readonly Concept[];
  readonly scheme: Scheme;
  readonly at: Addresses;
  readonly language: PageLanguage;
  /** Before the addresses of photos: where the files are of another host than the page, that host. */
  readonly files: string;
}

/** A term for people: what it means, how it is called, what stands around it, and where it went. */
export function pageOfConcept({ concept, around, scheme, at, language, files }: ConceptPage): string {
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
    ${paragraph(words.scopeNote, textIn(concept.scope_note ?? {}, language))}
    ${paragraph(words.example, textIn(concept.example, language))} ${pictureOf(concept, title, files)}
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
    ${changeNotes(concept, language)}
    ${concept.status === 'accepted' && html`<p class="apart"><a href="/#/?concept=${concept.id}">${words.points}</a></p>`}
    ${downloads(at.concept(concept.id), language)}
    <p class="over">${words.address} <a href="${at.concept(concept.id)}">${at.concept(concept.id)}</a></p>`;
  return frame({ title: `${title} - ${words.thesaurus}`, language, body });
}

function pictureOf({ picture }: Concept, title: string, files: string): Html | false {
  if (!picture) return false;
  const credit = [picture.licence, picture.author].filter(Boolean).join(', ');
  return html`<figure>
    <img src="${files}${picture.url}" alt="${picture.caption ?? title}" loading="lazy" />
    <figcaption class="over">${credit}</figcaption>
  </figure>`;
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

/** What was changed, in every language in which it is told: notes are not translated. */
function changeNotes({ change_note: notes = {} }: Concept, language: PageLanguage): Html | false {
  const items = Object.entries(notes).flatMap(([one, said]) =>
    said.map((note) => html`<li lang="${one}">${note}</li>`),
  );
  if (items.length === 0) return false;
  return html`<h2>${wordsIn(language).changeNotes}</h2>
    <ul>
      ${items}
    </ul>`;
}

const paragraph = (title: string, text: string) =>
  text !== '' &&
  html`<h2>${title}</h2>
    <p>${text}</p>`;
