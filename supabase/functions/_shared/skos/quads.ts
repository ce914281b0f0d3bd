import { DataFactory, type Quad, type Quad_Object } from 'n3';

import { type Addresses, licenceIri, matchIri, PREFIXES } from './iris.ts';
import { type Concept, MATCH_KINDS, MATCH_PROPERTIES, type Vocabulary } from './vocabulary.ts';

const { namedNode, literal, quad } = DataFactory;
const { rdf, skos, dct, owl, schema, xsd, capitelle } = PREFIXES;

/** A vocabulary in SKOS. What it names and does not hold (a broader concept of a part) is named all the same. */
export function quadsOf({ scheme, version, concepts }: Vocabulary, at: Addresses): Quad[] {
  const subject = namedNode(at.scheme(scheme.id));
  const say = (predicate: string, object: Quad_Object) => quad(subject, namedNode(predicate), object);
  const tops = concepts.filter((one) => one.broader === null && one.status === 'accepted');
  return [
    say(`${rdf}type`, namedNode(`${skos}ConceptScheme`)),
    ...Object.entries(scheme.labels).map(([language, text]) => say(`${dct}title`, literal(text, language))),
    ...(scheme.licence ? [say(`${dct}license`, licence(scheme.licence))] : []),
    ...(scheme.source ? [say(`${dct}source`, literal(scheme.source))] : []),
    ...(version
      ? [
          say(`${owl}versionInfo`, literal(String(version.number))),
          say(`${dct}issued`, literal(version.released_at, namedNode(`${xsd}dateTime`))),
        ]
      : []),
    ...tops.map(({ id }) => say(`${skos}hasTopConcept`, namedNode(at.concept(id)))),
    ...concepts.flatMap((concept) => quadsOfConcept(concept, at)),
  ];
}

function quadsOfConcept(concept: Concept, at: Addresses): Quad[] {
  const subject = namedNode(at.concept(concept.id));
  const say = (predicate: string, object: Quad_Object) => quad(subject, namedNode(predicate), object);
  const named = (predicate: string, ids: readonly (string | null)[]) =>
    ids.filter((id) => id !== null).map((id) => say(predicate, namedNode(at.concept(id))));
  const texts = (predicate: string, words: Readonly<Record<string, string | readonly string[]>>) =>
    Object.entries(words).flatMap(([language, said]) =>
      [said].flat().map((text) => say(predicate, literal(text, language))),
    );
  const isTop = concept.broader === null && concept.status === 'accepted';
  const unverified = Object.entries(concept.labels).filter(([language]) =>
    concept.unverified.includes(language),
  );
  return [
    say(`${rdf}type`, namedNode(`${skos}Concept`)),
    say(`${skos}inScheme`, namedNode(at.scheme(concept.scheme))),
    ...(isTop ? [say(`${skos}topConceptOf`, namedNode(at.scheme(concept.scheme)))] : []),
    ...texts(`${skos}prefLabel`, concept.labels),
    ...texts(`${skos}altLabel`, concept.alt),
    ...texts(`${skos}hiddenLabel`, concept.hidden),
    ...texts(`${capitelle}unverifiedLabel`, Object.fromEntries(unverified)),
    ...texts(`${skos}definition`, concept.definition),
    ...texts(`${skos}scopeNote`, concept.scope_note ?? {}),
    ...texts(`${skos}example`, concept.example),
    ...texts(`${skos}changeNote`, concept.change_note ?? {}),
    ...(concept.notation === null ? [] : [say(`${skos}notation`, literal(concept.notation))]),
    ...named(`${skos}broader`, [concept.broader]),
    ...named(`${skos}related`, concept.related),
    ...MATCH_KINDS.flatMap((kind) =>
      (concept.matches[kind] ?? []).map((match) =>
        say(`${skos}${MATCH_PROPERTIES[kind]}`, namedNode(matchIri(match))),
      ),
    ),
    say(`${schema}position`, literal(String(concept.position), namedNode(`${xsd}integer`))),
    ...(concept.status === 'deprecated'
      ? [say(`${owl}deprecated`, literal('true', namedNode(`${xsd}boolean`)))]
      : []),
    ...named(`${dct}isReplacedBy`, [concept.replaced_by]),
  ];
}

function licence(id: string): Quad_Object {
  const address = licenceIri(id);
  return address === null ? literal(id) : namedNode(address);
}
