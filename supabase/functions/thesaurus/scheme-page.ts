import { type Html, html } from '../_shared/html.ts';
import type { Addresses } from '../_shared/skos/iris.ts';
import type { Concept, Vocabulary } from '../_shared/skos/vocabulary.ts';
import { frame } from './frame.ts';
import { downloads, termLink, termOf, textIn } from './pieces.ts';
import type { Change, Release } from './read.ts';
import { type PageLanguage, wordsIn } from './words.ts';

interface SchemePage {
  readonly vocabulary: Vocabulary;
  /** Absent: the vocabulary as it is now. */
  readonly release?: Release;
  readonly releases: readonly Release[];
  readonly at: Addresses;
  readonly language: PageLanguage;
}

/** A whole vocabulary for people, or one of its versions: what changed, the terms under each other, the versions. */
export function pageOfScheme({ vocabulary, release, releases, at, language }: SchemePage): string {
  const { scheme, concepts } = vocabulary;
  const words = wordsIn(language);
  const name = textIn(scheme.labels, language);
  const title = release ? `${name}, ${words.version(release.number)}` : name;
  const above = release ? html`<a href="${at.scheme(scheme.id)}">${words.now}</a>` : html`${words.thesaurus}`;
  const body = html`<p class="over">${above}</p>
    <h1>${title}</h1>
    ${release && html`<p>${dayIn(release.released_at, language)}</p>`}
    ${release && release.notes !== '' && html`<p>${release.notes}</p>`}
    ${downloads(at.scheme(scheme.id, release?.number), language)}
    ${releases.length > 0 && versions(releases, scheme.id, at, language)}
    ${release && release.number > 1 && changes(release.changes, concepts, at, language)}
    <h2>${words.terms}</h2>
    ${tree(concepts, at, language)}
    <p class="over">
      ${scheme.source && html`${words.source} ${scheme.source}. `}${scheme.licence && html`${words.licence} ${scheme.licence}.`}
    </p>`;
  return frame({ title, language, body });
}

function tree(concepts: readonly Concept[], at: Addresses, language: PageLanguage): Html | false {
  const accepted = concepts.filter((one) => one.status === 'accepted');
  const ids = new Set(accepted.map((one) => one.id));
  // What stands under a term that is no longer used stands at the top.
  const below = Map.groupBy(accepted, ({ broader }) =>
    broader !== null && ids.has(broader) ? broader : null,
  );
  const branch = (id: string | null): Html | false => {
    const list = below.get(id) ?? [];
    const link = (one: Concept) => html`<a href="${at.concept(one.id)}">${termOf(one, language)}</a>`;
    return (
      list.length > 0 &&
      html`<ul>
        ${list.map((one) => html`<li>${link(one)}${branch(one.id)}</li>`)}
      </ul>`
    );
  };
  return branch(null);
}

function versions(releases: readonly Release[], scheme: string, at: Addresses, language: PageLanguage): Html {
  const words = wordsIn(language);
  const items = releases.map(
    ({ number, released_at, changes: { length } }) =>
      html`<li>
        <a href="${at.scheme(scheme, number)}">${words.version(number)}</a>, ${dayIn(released_at, language)}
        (${words.changed(length)})
      </li>`,
  );
  return html`<h2>${words.versions}</h2>
    <ul>
      ${items}
    </ul>`;
}

function changes(
  all: readonly Change[],
  concepts: readonly Concept[],
  at: Addresses,
  language: PageLanguage,
): Html {
  const words = wordsIn(language);
  const item = ({ id, kind, labels, was, replaced_by, fields = [] }: Change) => {
    const before = was && textIn(was, language);
    const isRenamed = before !== undefined && before !== textIn(labels, language);
    const told = fields.map((field) => words.fields[field] ?? field).join(', ');
    return html`<li>
      ${words.kinds[kind]}
      <a href="${at.concept(id)}">${textIn(labels, language)}</a
      >${isRenamed && html` (${words.before} ${before})`}${
        replaced_by !== undefined &&
        html`, ${lowered(words.replacedBy)} ${termLink(replaced_by, concepts, at, language)}`
      }${kind === 'changed' && !isRenamed && html` (${told})`}
    </li>`;
  };
  return html`<h2>${words.changes}</h2>
    <ul>
      ${all.map(item)}
    </ul>`;
}

function dayIn(instant: string, language: PageLanguage): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'Europe/Paris' }).format(
    new Date(instant),
  );
}

/** In the middle of a line. */
const lowered = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
