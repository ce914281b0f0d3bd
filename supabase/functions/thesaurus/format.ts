import Negotiator from 'negotiator';

import { PAGE_LANGUAGES, type PageLanguage } from './words.ts';

/** What a vocabulary is written as, by the ending of its address; the first is for people. */
export const FORMATS = {
  html: 'text/html',
  ttl: 'text/turtle',
  jsonld: 'application/ld+json',
  rdf: 'application/rdf+xml',
  csv: 'text/csv',
} as const;
export type Format = keyof typeof FORMATS;

const ENDINGS = Object.keys(FORMATS) as Format[];

/** A name with or without the ending of a format: `lavoir.ttl`. Null for an ending that is none. */
export function splitEnding(name: string): { readonly id: string; readonly ending: Format | null } | null {
  const [id = '', ending, ...more] = name.split('.');
  if (more.length > 0) return null;
  if (ending === undefined) return { id, ending: null };
  const format = ENDINGS.find((one) => one === ending);
  return format ? { id, ending: format } : null;
}

/** The format that a client prefers of those there are: the page where it does not say. */
export function preferredFormat(request: Request): Format | null {
  const types = Object.values(FORMATS);
  const wanted = negotiatorOf(request).mediaType([...types]);
  return ENDINGS.find((one) => FORMATS[one] === wanted) ?? null;
}

/** The language of the page: French, unless English is preferred. */
export function preferredLanguage(request: Request): PageLanguage {
  const wanted = negotiatorOf(request).language([...PAGE_LANGUAGES]);
  return PAGE_LANGUAGES.find((one) => one === wanted) ?? 'fr';
}

function negotiatorOf({ headers }: Request): Negotiator {
  return new Negotiator({
    headers: {
      accept: headers.get('accept') ?? '*/*',
      'accept-language': headers.get('accept-language') ?? 'fr',
    },
  });
}
