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
  language: { fr: 'français', oc: 'occitan', ca: 'catalan', en: 'anglais' },
} as const;

type Words = {
  readonly [Key in keyof typeof FRENCH]: (typeof FRENCH)[Key] extends string
    ? string
    : Readonly<Record<string, string>>;
};

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
  language: { fr: 'French', oc: 'Occitan', ca: 'Catalan', en: 'English' },
};

/** The words of a page, in its language. */
export const wordsIn = (language: PageLanguage): Words => (language === 'en' ? ENGLISH : FRENCH);
