import { type Concept, conceptSchema } from '../../src/domain/concept.ts';

const STEMS = [
  'font',
  'crotz',
  'molin',
  'pònt',
  'capit',
  'lav',
  'clap',
  'borie',
  'orr',
  'gariot',
  'cabán',
  'torr',
  'églis',
  'œuvr',
  'sèrra',
];
const ENDS = ['aine', 'èl', 'at', 'òl', 'ière', 'assa', 'eta', 'ador', 'ou', 'ís', 'et', 'ana', 'uç'];
const OF = [
  'de chemin',
  'del bosc',
  'couvert',
  'de la plaça',
  'à vent',
  'de pedra seca',
  'd’en haut',
  'vella',
  'of the old road',
];

/** A thesaurus of any size, the same at each call: four languages, synonyms, a hierarchy, words that look alike. */
export function largeThesaurus(size: number): Concept[] {
  const pick = (list: readonly string[], n: number) => list[n % list.length] ?? '';
  const word = (n: number) =>
    `${pick(STEMS, n)}${pick(ENDS, Math.floor(n / 15))}${n % 7 === 0 ? '' : String.fromCharCode(97 + (n % 26))}`;
  const name = (n: number) => `${word(n)} ${pick(OF, Math.floor(n / 3))} ${word(n * 31 + 7)}`;
  const title = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
  return Array.from({ length: size }, (_, n) =>
    conceptSchema.parse({
      id: `c${n}`,
      scheme: 'large',
      labels: { fr: title(name(n)), oc: name(n + 3), ca: name(n + 5), en: name(n + 8) },
      alt: n % 2 === 0 ? { fr: [name(n + 11), word(n + 13)], oc: [word(n + 17)] } : {},
      hidden: n % 9 === 0 ? { fr: [name(n + 11).replace('è', 'é')] } : {},
      definition: {
        fr: `Ce que l’on appelle ainsi, numéro ${n}, dans un texte de la longueur d’une définition.`,
      },
      broader: n < 20 ? null : `c${Math.floor(n / 20)}`,
      unverified: n % 5 === 0 ? ['oc'] : [],
    }),
  );
}
