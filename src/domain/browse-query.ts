import { PUBLIC_STATUSES, type PublicStatus } from './public-status.ts';

/** What the public map and list are asked for: one query, kept in the address. */
export interface BrowseQuery {
  readonly view: 'map' | 'list';
  /** Theme ids; none means all. */
  readonly themes: readonly string[];
  /** Words looked for in names, terms and communes. */
  readonly text: string;
  /** Concept id, its narrower ones included. */
  readonly concept: string | null;
  /** INSEE code. */
  readonly commune: string | null;
  /** Public statuses shown; none means published alone. */
  readonly statuses: readonly PublicStatus[];
}

export const EMPTY_QUERY: BrowseQuery = {
  view: 'map',
  themes: [],
  text: '',
  concept: null,
  commune: null,
  statuses: [],
};

/** Longest text sent to the search: beyond it nobody is looking for a name. */
const TEXT_LENGTH = 120;

const split = (value: string | null): string[] => [...new Set((value ?? '').split(',').filter(Boolean))];
const isSlug = (value: string): boolean => /^[a-z0-9][a-z0-9-]{0,80}$/.test(value);
const isInsee = (value: string): boolean => /^[0-9][0-9AB][0-9]{3}$/.test(value);

/** Reads the part of the address behind `?`. Whatever it cannot read counts as not asked. */
export function parseBrowseQuery(search: string): BrowseQuery {
  const parameters = new URLSearchParams(search);
  const concept = parameters.get('concept') ?? '';
  const commune = parameters.get('commune') ?? '';
  return {
    view: parameters.get('view') === 'list' ? 'list' : 'map',
    themes: split(parameters.get('themes')).filter(isSlug),
    text: (parameters.get('q') ?? '').slice(0, TEXT_LENGTH),
    concept: isSlug(concept) ? concept : null,
    commune: isInsee(commune) ? commune : null,
    statuses: PUBLIC_STATUSES.filter((status) => split(parameters.get('status')).includes(status)),
  };
}

/** The part of the address behind `?`, without what is not asked; empty for the plain map. */
export function formatBrowseQuery(query: BrowseQuery): string {
  const parameters = new URLSearchParams();
  if (query.view === 'list') parameters.set('view', 'list');
  if (query.themes.length > 0) parameters.set('themes', query.themes.join(','));
  if (query.text.trim()) parameters.set('q', query.text.trim().slice(0, TEXT_LENGTH));
  if (query.concept) parameters.set('concept', query.concept);
  if (query.commune) parameters.set('commune', query.commune);
  if (query.statuses.length > 0) parameters.set('status', query.statuses.join(','));
  return parameters.toString().replaceAll('%2C', ',');
}

/**
 * Whether the query looks everywhere and not only in what the map shows: a text or a commune is
 * asked for by someone who does not know where it is.
 */
export function looksEverywhere(query: BrowseQuery): boolean {
  return query.text.trim() !== '' || query.commune !== null;
}
