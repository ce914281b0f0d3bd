/** Languages in which a page is written; terms are shown in all of them. */
export const PAGE_LANGUAGES = ['fr', 'en'] as const;
export type PageLanguage = (typeof PAGE_LANGUAGES)[number];

const FRENCH = {
  thesaurus: 'Thésaurus',
  definition: 'Définition',
  example: 'Exemple',
  names: 'Noms',
  term: 'Terme',
  synonyms: 'Synonymes',
  broader: 'Terme plus général',
  narrower: 'Termes plus précis',
  related: 'Termes associés',
  exact: 'Même sens ailleurs',
  close: 'Sens proche ailleurs',
  broad: 'Sens plus large ailleurs',
  unverifiedMatch: 'Correspondances à vérifier',
  unverified: 'à valider',
  deprecated: 'Ce terme n’est plus employé.',
  replacedBy: 'À sa place :',
  noReplacement: 'Rien ne le remplace.',
  points: 'Voir les points de ce terme sur la carte',
  download: 'Télécharger :',
  terms: 'Termes',
  source: 'Source :',
  licence: 'Licence :',
  address: 'Adresse de ce terme :',
  notFound: 'Ce terme n’existe pas.',
  now: 'La version en cours',
  version: (number: number) => `version ${number}`,
  versions: 'Versions publiées',
  changed: (count: number) => (count === 1 ? '1 changement' : `${count} changements`),
  changes: 'Ce qui a changé',
  before: 'avant :',
  kinds: {
    added: 'Ajouté :',
    removed: 'Ôté :',
    deprecated: 'N’est plus employé :',
    restored: 'De nouveau employé :',
    changed: 'Modifié :',
  },
  fields: {
    labels: 'nom',
    alt: 'synonymes',
    hidden: 'mots pour la recherche',
    definition: 'définition',
    example: 'exemple',
    broader: 'place dans l’arbre',
    related: 'termes associés',
    matches: 'correspondances',
    notation: 'code',
    unverified: 'validation',
    replaced_by: 'remplaçant',
    position: 'ordre',
  },
  language: { fr: 'français', oc: 'occitan', ca: 'catalan', en: 'anglais' },
} as const;

/** The same words in another language: texts stay texts, tables tables, phrases phrases. */
type InOtherWords<Value> = Value extends string
  ? string
  : Value extends (...given: infer Given) => string
    ? (...given: Given) => string
    : Readonly<Record<string, string>>;
type Words = { readonly [Key in keyof typeof FRENCH]: InOtherWords<(typeof FRENCH)[Key]> };

const ENGLISH: Words = {
  thesaurus: 'Thesaurus',
  definition: 'Definition',
  example: 'Example',
  names: 'Names',
  term: 'Term',
  synonyms: 'Synonyms',
  broader: 'Broader term',
  narrower: 'Narrower terms',
  related: 'Related terms',
  exact: 'Same meaning elsewhere',
  close: 'Close meaning elsewhere',
  broad: 'Broader meaning elsewhere',
  unverifiedMatch: 'Matches still to be checked',
  unverified: 'to be validated',
  deprecated: 'This term is no longer used.',
  replacedBy: 'Instead:',
  noReplacement: 'Nothing replaces it.',
  points: 'See the points of this term on the map',
  download: 'Download:',
  terms: 'Terms',
  source: 'Source:',
  licence: 'Licence:',
  address: 'Address of this term:',
  notFound: 'There is no such term.',
  now: 'The current version',
  version: (number) => `version ${number}`,
  versions: 'Published versions',
  changed: (count) => (count === 1 ? '1 change' : `${count} changes`),
  changes: 'What changed',
  before: 'before:',
  kinds: {
    added: 'Added:',
    removed: 'Taken away:',
    deprecated: 'No longer used:',
    restored: 'Used again:',
    changed: 'Changed:',
  },
  fields: {
    labels: 'name',
    alt: 'synonyms',
    hidden: 'words for the search',
    definition: 'definition',
    example: 'example',
    broader: 'place in the tree',
    related: 'related terms',
    matches: 'matches',
    notation: 'code',
    unverified: 'validation',
    replaced_by: 'what replaces it',
    position: 'order',
  },
  language: { fr: 'French', oc: 'Occitan', ca: 'Catalan', en: 'English' },
};

/** The words of a page, in its language. */
export const wordsIn = (language: PageLanguage): Words => (language === 'en' ? ENGLISH : FRENCH);
