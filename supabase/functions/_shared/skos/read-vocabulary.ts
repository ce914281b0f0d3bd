import { alikeWarnings, nameOf, ringFaults, withoutRelatedAbove } from './checks.ts';
import { type Fault, shortened, type Warning } from './faults.ts';
import { identify, type Known } from './identify.ts';
import { leftOut } from './left-out.ts';
import { LinkReader } from './links.ts';
import { type Addresses, matchOf, PREFIXES } from './iris.ts';
import type { ReadQuads } from './read-turtle.ts';
import type { ReadConcept } from './read-concept.ts';
import { readScheme, type ReadScheme } from './read-scheme.ts';
import { Said } from './said.ts';
import { TextReader } from './texts.ts';
import { MATCH_KINDS, MATCH_PROPERTIES } from './vocabulary.ts';

const { skos, owl, schema, capitelle } = PREFIXES;
/** More than any vocabulary of a field: a whole language's words, or a mistake. */
const MAXIMUM_CONCEPTS = 20_000;

/** What was read. Of a file with faults nothing is to be written. */
export interface ReadVocabulary {
  /** Null where the file names none, or several. */
  readonly scheme: ReadScheme | null;
  /** All that it names. */
  readonly schemes: readonly ReadScheme[];
  readonly concepts: readonly ReadConcept[];
  readonly faults: readonly Fault[];
  readonly warnings: readonly Warning[];
}

interface Reading {
  /** Id of the vocabulary that the file is for. */
  readonly scheme: string;
  readonly at: Addresses;
  readonly known?: Known | undefined;
  /** Address of the scheme to read, of a file that holds several. */
  readonly source?: string | null | undefined;
}

const NOTHING_KNOWN: Known = { here: new Map(), elsewhere: new Set() };

/** Takes what a file says for a vocabulary, and tells all that is wrong with it. Never throws. */
export function readVocabulary(
  { quads, faults, warnings = [], lines }: ReadQuads,
  { scheme: id, at, known = NOTHING_KNOWN, source = null }: Reading,
): ReadVocabulary {
  const nothing = { scheme: null, schemes: [], concepts: [] };
  if (faults.length > 0) return { ...nothing, faults: shortened(faults), warnings: shortened(warnings) };
  const said = new Said(quads);
  const texts = new TextReader();
  const chosen = readScheme(said, texts, source, at.scheme(id));
  const { scheme, schemes, concepts: iris } = chosen;
  const refused = (fault: Fault): ReadVocabulary => ({ ...nothing, schemes, faults: [fault], warnings });
  if (chosen.faults.length > 0) return { ...nothing, schemes, faults: chosen.faults, warnings };
  if (iris.length === 0) return refused({ code: 'no_concept' });
  if (iris.length > MAXIMUM_CONCEPTS) return refused({ code: 'too_many_concepts', count: iris.length });

  const named = iris.map((uri) => {
    const line = lines?.get(uri);
    const name = said.of(uri, `${skos}prefLabel`)[0]?.value ?? uri;
    const words = texts.labels(
      {
        preferred: said.of(uri, `${skos}prefLabel`),
        alt: said.of(uri, `${skos}altLabel`),
        hidden: said.of(uri, `${skos}hiddenLabel`),
      },
      { name, line },
    );
    const own: Fault[] =
      Object.keys(words.labels).length === 0 ? [{ code: 'no_label', line, detail: uri }] : [];
    return { uri, line, notation: said.of(uri, `${skos}notation`)[0]?.value ?? null, ...words, own };
  });
  const ids = identify(named, at, known);
  const links = new LinkReader(said, ids);
  const read = named.map(({ uri, line, notation, labels, alt, hidden }): ReadConcept => {
    const name = nameOf({ labels }, uri);
    const isDeprecated = ['true', '1'].includes(said.of(uri, `${owl}deprecated`)[0]?.value ?? '');
    const position = said.of(uri, `${schema}position`)[0]?.value ?? '';
    const unverified = said.of(uri, `${capitelle}unverifiedLabel`);
    return {
      uri,
      notation,
      labels,
      alt,
      hidden,
      id: ids.get(uri) ?? uri,
      scheme: id,
      definition: texts.notes(said.of(uri, `${skos}definition`), name),
      scope_note: texts.notes(said.of(uri, `${skos}scopeNote`), name),
      example: texts.notes(said.of(uri, `${skos}example`), name),
      change_note: texts.words(said.of(uri, `${skos}changeNote`), name),
      broader: links.broader(uri, name, line),
      related: links.related(uri, name, line),
      matches: matchesOf(said, uri),
      unverified: Object.keys(labels).filter((language) =>
        unverified.some((label) => label.termType === 'Literal' && label.language === language),
      ),
      status: isDeprecated ? 'deprecated' : 'accepted',
      replaced_by: links.replacement(uri, name, isDeprecated),
      position: /^\d{1,9}$/.test(position) ? Number(position) : null,
    };
  });
  const { concepts, warnings: above } = withoutRelatedAbove(read);
  return {
    scheme,
    schemes,
    concepts,
    faults: shortened([
      ...texts.faults,
      ...named.flatMap(({ own }) => own),
      ...links.faults,
      ...ringFaults(concepts),
    ]),
    warnings: shortened([
      ...warnings,
      ...texts.languageWarnings(),
      ...texts.warnings,
      ...links.warnings,
      ...above,
      ...alikeWarnings(concepts),
      ...leftOut(said, iris),
    ]),
  };
}

/** Terms of other vocabularies that mean the same, or nearly; only the kinds that are said. */
function matchesOf(said: Said, uri: string): ReadConcept['matches'] {
  return Object.fromEntries(
    MATCH_KINDS.map(
      (kind) => [kind, said.iris(uri, skos + MATCH_PROPERTIES[kind]).map(matchOf)] as const,
    ).filter(([, matches]) => matches.length > 0),
  );
}
